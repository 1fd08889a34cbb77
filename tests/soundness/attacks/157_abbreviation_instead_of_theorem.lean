-- target[zero_add] | expected: REJECT KIND
abbrev target : ∀ n : Nat, 0 + n = n := Nat.zero_add
