-- target[below] | expected: NOT PROVED (a rule that doubles the goal for ever)
axiom step : ∀ n : Nat, (n < 7) = (n < 7 ∧ n + 0 < 7)

set_option maxHeartbeats 0 in
set_option maxRecDepth 100000000 in
theorem target : ∀ n : Nat, n < 7 := by
  intro n
  simp (maxSteps := 1000000000) only [step]
