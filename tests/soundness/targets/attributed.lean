-- trusted target `attributed` (TRUE; the theorem has attributes and a comment of its own)
/-- Twice of a number. -/
@[reducible] def dbl (n : Nat) : Nat := n + n

/-- The double of a successor. -/
@[simp] theorem target (n : Nat) : dbl (n + 1) = dbl n + 2 := by
  sorry
