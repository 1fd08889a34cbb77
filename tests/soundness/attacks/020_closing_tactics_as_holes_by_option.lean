-- target[below] | expected: REJECT SORRY
set_option debug.terminalTacticsAsSorry true in
theorem target : ∀ n : Nat, n < 7 := by
  intro n
  omega
