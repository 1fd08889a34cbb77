-- target[below] | expected: REJECT SORRY
theorem target : ∀ n : Nat, n < 7 := sorry
