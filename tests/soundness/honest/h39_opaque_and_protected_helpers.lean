-- target[zero_add] | expected: ACCEPT (opaque, irreducible and protected declarations of its own, in its own namespace)
namespace Workshop

opaque hidden : Nat

@[irreducible] protected def shift (n : Nat) : Nat := n + 1

protected theorem shift_eq (n : Nat) : Workshop.shift n = n + 1 := by
  simp [Workshop.shift]

end Workshop

theorem target : ∀ n : Nat, 0 + n = n := by
  intro n
  have := Workshop.shift_eq n
  have : Workshop.hidden = Workshop.hidden := rfl
  omega
