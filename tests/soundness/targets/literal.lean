-- trusted target `literal` (FALSE; the statement has large and small numerals)
theorem target : (2 : Nat) ^ 10 < 1000 := by
  sorry
