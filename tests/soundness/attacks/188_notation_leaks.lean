-- target[zero_add] | expected: REJECT SCOPE (a term for everybody; `local notation` would do)
notation:65 a:65 " ⊞ " b:66 => Nat.mul a b

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
