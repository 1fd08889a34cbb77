-- target[zero_add] | expected: REJECT KIND (`opaque` with a value: the proof is there, nobody can see it)
opaque target : ∀ n : Nat, 0 + n = n := Nat.zero_add
