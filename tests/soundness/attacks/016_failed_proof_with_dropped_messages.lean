-- target[below] | expected: REJECT SORRY (Lean's own recovery puts the hole; the error is swallowed)
#guard_msgs (drop error) in
theorem target : ∀ n : Nat, n < 7 := by
  intro n
  omega
