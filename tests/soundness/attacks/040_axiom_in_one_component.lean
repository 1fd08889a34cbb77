-- target[below] | expected: REJECT AXIOM (`«Classical.choice»` is one component; printed without quotes it is the allowed name)
axiom «Classical.choice» : ∀ n : Nat, n < 7

theorem target : ∀ n : Nat, n < 7 := «Classical.choice»
