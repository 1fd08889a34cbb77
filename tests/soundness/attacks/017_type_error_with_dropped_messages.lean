-- target[below] | expected: REJECT SORRY (a term of another type, and no message)
#guard_msgs (drop all) in
theorem target : ∀ n : Nat, n < 7 := trivial
