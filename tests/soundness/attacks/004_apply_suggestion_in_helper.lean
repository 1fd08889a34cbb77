-- target[below] | expected: REJECT SORRY (`apply?` admits the goal; the suggestion is only information)
theorem small (n : Nat) : n < 7 := by
  apply?

theorem target : ∀ n : Nat, n < 7 := small
