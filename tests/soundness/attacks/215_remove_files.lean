-- target[zero_add] | expected: REJECT SIDE_EFFECT | embedded: cannot run
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

#eval (IO.FS.removeFile "../statements.lock" : IO Unit)
