-- target[below] | expected: REJECT SORRY (the word stands in a macro, far from the theorem)
macro "clearly" : tactic => `(tactic| sorry)

theorem target : ∀ n : Nat, n < 7 := by
  clearly
