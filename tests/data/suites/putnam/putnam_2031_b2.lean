import Mathlib

/--
Prove that every number has a successor.
-/
theorem putnam_2031_b2 (n : ℕ) : ∃ m, m = n + 1 :=
  sorry
