import Mathlib
open BigOperators

abbrev putnam_2031_a1_solution : ℕ → ℕ := sorry
-- fun n : ℕ => n * (n + 1)
/--
Evaluate in closed form \[ \sum_{k=1}^n 2k. \]
-/
theorem putnam_2031_a1
: ∀ n ≥ 1, putnam_2031_a1_solution n = ∑ k in Finset.Icc 1 n, 2 * k :=
sorry
