-- target[zero_add] | expected: REJECT SIDE_EFFECT, CHANNEL | contained (reads what the judge's process knows)
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

#eval show IO Unit from do
  IO.println (repr (← IO.getEnv "API_KEY"))
