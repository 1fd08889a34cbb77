-- target[zero_add] | expected: REJECT SIDE_EFFECT, SCOPE (machine code under a name of the runtime's)
@[export lean_nat_log2]
def log2 (_ : Nat) : Nat := 0

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
