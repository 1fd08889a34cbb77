-- trusted target `zero_add` (TRUE)
theorem target : ∀ n : Nat, 0 + n = n := by
  sorry
