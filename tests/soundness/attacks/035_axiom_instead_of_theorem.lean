-- target[below] | expected: REJECT KIND (name, type and universe levels are right)
axiom target : ∀ n : Nat, n < 7
