-- target[zero_add] | expected: REJECT SCOPE (a short name means something to importers)
namespace Quick
theorem add_comm : ∀ n : Nat, n = n := fun _ => rfl
end Quick

export Quick (add_comm)

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
