import Mathlib

abbrev putnam_2031_b1_solution : ℕ := sorry

/--
How many numbers are there between $1$ and $10$?
-/
theorem putnam_2031_b1 : (Finset.Icc 1 10).card = putnam_2031_b1_solution :=
  sorry
