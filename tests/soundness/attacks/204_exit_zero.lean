-- target[below] | expected: REJECT CHANNEL (the compiler ends well before anything is checked)
#eval (IO.Process.exit 0 : IO Unit)

theorem target : ∀ n : Nat, n < 7 := by omega
