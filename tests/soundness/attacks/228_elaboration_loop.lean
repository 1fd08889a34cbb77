-- target[below] | expected: REJECT RESOURCE (no limit on heartbeats)
set_option maxHeartbeats 0
set_option maxRecDepth 10000000

theorem target : ∀ n : Nat, n < 7 := by
  intro n
  repeat rw [← Nat.zero_add n]
