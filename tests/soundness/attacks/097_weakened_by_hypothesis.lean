-- target[below] | expected: REJECT STATEMENT (one more binder)
theorem target : ∀ n : Nat, n < 5 → n < 7 := fun _ h => Nat.lt_trans h (by decide)
