-- target[zero_add] | expected: REJECT SCOPE (the symbol is an old one)
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

infixl:65 (priority := 2000) " + " => Nat.mul
