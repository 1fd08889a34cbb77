-- target[below] | expected: REJECT SORRY (`admit` in one of several branches)
theorem target : ∀ n : Nat, n < 7 := by
  intro n
  rcases Nat.lt_or_ge n 7 with h | h
  · exact h
  · admit
