-- target[zero_add] | expected: ACCEPT (`#guard_msgs` as a test of its own, not on the theorem)
/-- info: 0 + 1 : Nat -/
#guard_msgs in
#check 0 + 1

theorem target : ∀ n : Nat, 0 + n = n := by
  intro n
  simp
