-- target[below] | expected: REJECT CHANNEL, SORRY (the terminal is wiped and a green line is written)
theorem target : ∀ n : Nat, n < 7 := by sorry

#eval IO.print "\x1b[2J\x1b[H\x1b[32mproved\x1b[0m\n"
