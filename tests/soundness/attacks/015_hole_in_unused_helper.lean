-- target[zero_add] | expected: REJECT SORRY (the theorem is proved; what is left behind is not)
theorem later (n : Nat) : n * n < 100 := by
  sorry

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
