-- target[zero_add] | expected: ACCEPT (a section, a namespace and `open … in`, all closed again)
namespace Steps

section
variable (n : Nat)

theorem one_step (h : 0 + n = n) : 0 + (n + 1) = n + 1 := by
  omega
end

end Steps

open Steps in
theorem target : ∀ n : Nat, 0 + n = n := by
  intro n
  induction n with
  | zero => rfl
  | succ n ih => exact one_step n ih
