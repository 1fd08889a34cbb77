-- target[below] | expected: REJECT SORRY (a false theorem by a recursion that does not end)
theorem target : ∀ n : Nat, n < 7 := go
where
  go (n : Nat) : n < 7 := by
    have := go (n + 1)
    omega
  termination_by n
  decreasing_by all_goals sorry
