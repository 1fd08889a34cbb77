-- target[below] | expected: REJECT KIND, AXIOM (name, type and universe levels are right)
axiom target : ∀ n : Nat, n < 7
