-- target[zero_add] | expected: ACCEPT
theorem target : ∀ n : Nat, 0 + n = n := by
  intro n
  conv =>
    lhs
    rw [Nat.add_comm]
  exact Nat.add_zero n
