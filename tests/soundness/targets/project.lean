-- trusted target `project` (FALSE; for attacks on project files)
theorem target : ∀ n : Nat, n < 7 := by
  sorry
