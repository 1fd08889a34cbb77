-- target[below] | expected: REJECT AXIOM
axiom bounded (n : Nat) : n < 7

theorem target : ∀ n : Nat, n < 7 := bounded
