-- target[below] | expected: REJECT SORRY (a proved namesake stands in a namespace that is never closed)
theorem target : ∀ n : Nat, n < 7 := by sorry

namespace Shadow

theorem target : ∀ n : Nat, n < n + 7 := fun n => Nat.lt_add_of_pos_right (by decide)
