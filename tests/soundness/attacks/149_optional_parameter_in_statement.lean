-- target[below] | expected: REJECT STATEMENT (a proof that may be left out, and cannot be made)
theorem target (h : ∀ n : Nat, n < 7 := by omega) : ∀ n : Nat, n < 7 := h
