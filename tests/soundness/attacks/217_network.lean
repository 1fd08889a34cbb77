-- target[zero_add] | expected: REJECT SIDE_EFFECT | embedded: cannot run (a statement and its proof sent away, or fetched)
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

#eval show IO Unit from do
  let child ← IO.Process.spawn { cmd := "curl", args := #["--max-time", "1", "http://localhost:9/"] }
  discard child.wait
