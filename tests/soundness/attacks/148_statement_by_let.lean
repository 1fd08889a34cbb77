-- target[below] | expected: REJECT STATEMENT (the bound is a local definition)
theorem target : ∀ n : Nat, let bound := n + 1; n < bound := fun n => Nat.lt_succ_self n
