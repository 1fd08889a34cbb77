-- target[attributed] | expected: ACCEPT (the theorem's own attribute and comment are there again)
/-- Twice of a number. -/
@[reducible] def dbl (n : Nat) : Nat := n + n

/-- The double of a successor. -/
@[simp] theorem target (n : Nat) : dbl (n + 1) = dbl n + 2 := by
  simp only [dbl]
  omega
