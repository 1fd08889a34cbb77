-- target[below] | expected: REJECT SORRY (guillemets: no keyword, no plain identifier)
theorem target : ∀ n : Nat, n < 7 := «sorryAx» _ (synthetic := false)
