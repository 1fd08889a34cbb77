-- target[zero_add] | expected: REJECT KIND (rightly proved, of the wrong kind)
def target : ∀ n : Nat, 0 + n = n := Nat.zero_add
