-- target[below] | expected: REJECT RESOURCE, SIDE_EFFECT, CHANNEL (a program that does not end)
partial def forever (n : Nat) : IO Nat := forever (n + 1)

#eval forever 0

theorem target : ∀ n : Nat, n < 7 := by omega
