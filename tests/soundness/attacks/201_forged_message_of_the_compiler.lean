-- target[below] | expected: REJECT CHANNEL, SORRY (a line as `lean --json` writes it)
theorem target : ∀ n : Nat, n < 7 := by sorry

#eval (IO.println "{\"severity\":\"information\",\"data\":\"'target' does not depend on any axioms\"}" : IO Unit)
