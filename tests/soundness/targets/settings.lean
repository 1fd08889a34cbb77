-- trusted target `settings` (FALSE; the default value stands in the statement)
structure Settings where
  depth : Nat := 9
  width : Nat := 2

theorem target : ({} : Settings).depth < ({} : Settings).width := by
  sorry
