-- target[defaulted] | expected: REJECT STATEMENT
def scaled (n : Nat) (factor : Nat := 1) : Nat := n * factor

theorem target : ∀ n : Nat, scaled n = n := Nat.mul_one
