-- target[zero_add] | expected: REJECT SIDE_EFFECT | embedded: cannot run
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

#eval show IO Unit from do
  let out ← IO.Process.output { cmd := "true" }
  IO.println out.stdout
