-- target[zero_add] | expected: REJECT SCOPE
attribute [grind =] Nat.mul_comm

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
