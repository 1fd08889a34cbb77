import Mathlib

set_option maxHeartbeats 0

open BigOperators Real Nat Topology Rat

theorem induction_fourdvd_square (n : ℕ) (h₀ : Even n) :
  4 ∣ n ^ 2 := by
  obtain ⟨k, rfl⟩ := h₀
  exact ⟨k ^ 2, by ring⟩
