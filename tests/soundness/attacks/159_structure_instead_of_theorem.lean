-- target[below] | expected: REJECT KIND, STATEMENT (a proposition of that name, not a proof)
structure target : Prop where
  proof : ∀ n : Nat, n < 7
