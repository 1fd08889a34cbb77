-- target[zero_add] | expected: ACCEPT (`exact?` that finds a proof leaves it, not a hole)
theorem target : ∀ n : Nat, 0 + n = n := by
  intro n
  exact?
