-- target[below] | expected: REJECT MISSING (proved something under a near-miss name)
theorem target_ : ∀ n : Nat, n < n + 7 := fun n => Nat.lt_add_of_pos_right (by decide)
