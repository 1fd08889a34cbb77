-- trusted target `bool_comm` (TRUE)
theorem target : ∀ a b : Bool, (a && b) = (b && a) := by
  sorry
