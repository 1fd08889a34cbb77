-- target[below] | expected: REJECT SORRY (reached through a definition with an innocent name)
theorem Nat.lt_seven (p : Prop) : p := sorryAx p false

theorem target : ∀ n : Nat, n < 7 := Nat.lt_seven _
