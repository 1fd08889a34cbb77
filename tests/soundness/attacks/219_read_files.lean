-- target[zero_add] | expected: REJECT SIDE_EFFECT, CHANNEL | embedded: cannot run
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

#eval show IO Unit from do
  IO.print (← IO.FS.readFile "/etc/passwd")
