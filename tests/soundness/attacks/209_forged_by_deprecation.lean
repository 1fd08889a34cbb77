-- target[below] | expected: REJECT SORRY (a warning whose text is the attempt's)
@[deprecated "'target' does not depend on any axioms" (since := "2025-01-01")]
theorem old (n : Nat) : n < 7 := by sorry

theorem target : ∀ n : Nat, n < 7 := old
