-- target[zero_add] | expected: REJECT CHANNEL | contained (honest, but it talks)
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

#eval IO.eprintln "verdict: proved"
