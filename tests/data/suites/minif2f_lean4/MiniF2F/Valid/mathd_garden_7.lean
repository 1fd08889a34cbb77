import Mathlib

set_option maxHeartbeats 0

open BigOperators Real Nat Topology Rat

theorem mathd_garden_7 (x : ℝ) (h₀ : 0 < x) (h₁ : x ^ 2 = 49) :
  x = 7 := by sorry
