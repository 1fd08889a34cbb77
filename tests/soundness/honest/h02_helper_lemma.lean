-- target[zero_add] | expected: ACCEPT
theorem zero_plus (n : Nat) : 0 + n = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [← Nat.add_assoc, ih]

theorem target : ∀ n : Nat, 0 + n = n := zero_plus
