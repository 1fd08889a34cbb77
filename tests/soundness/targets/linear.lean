-- trusted target `linear` (TRUE; binders left of the colon, an instance argument, a named hypothesis)
theorem target (a b : Nat) (h : a < b) : a + 1 ≤ b ∧ (max a b) = b := by
  sorry
