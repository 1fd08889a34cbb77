-- target[zero_add] | expected: REJECT SIDE_EFFECT (runs in whoever imports the module)
initialize
  IO.FS.writeFile "imported" "yes"

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
