-- target[zero_add] | expected: REJECT SCOPE
set_option allowUnsafeReducibility true in
attribute [reducible] Nat.gcd

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
