import Mathlib

open Set

-- Note: the points are those of a segment
noncomputable abbrev putnam_2031_a2_solution : Set ℝ := sorry
-- {x : ℝ | 0 ≤ x ∧
--   x ≤ 1}
/--
Which real numbers are the square of their root?
-/
theorem putnam_2031_a2 (x : ℝ) :
    x ∈ putnam_2031_a2_solution ↔ Real.sqrt x ^ 2 = x ∧ x ≤ 1 :=
  sorry
