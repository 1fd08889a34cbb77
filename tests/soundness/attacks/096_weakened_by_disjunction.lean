-- target[below] | expected: REJECT STATEMENT
theorem target : ∀ n : Nat, n < 7 ∨ 6 < n := fun n => Nat.lt_or_ge n 7
