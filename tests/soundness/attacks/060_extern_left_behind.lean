-- target[zero_add] | expected: REJECT TRUST_COMPILER, SCOPE (whoever evaluates `plus` runs other code)
@[extern "lean_nat_sub"]
def plus (m n : Nat) : Nat := m + n

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
