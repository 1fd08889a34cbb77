-- trusted target `below` (FALSE)
theorem target : ∀ n : Nat, n < 7 := by
  sorry
