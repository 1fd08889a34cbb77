-- target[below] | expected: REJECT SORRY (`#exit` hides all that follows)
theorem target : ∀ n : Nat, n < 7 := by sorry

#exit

theorem unreadable : 1 = 2 := rfl
