-- target[zero_add] | expected: REJECT TRUST_COMPILER, SCOPE (the trap is set for the next one)
def wrong (_ : Nat) : Nat := 0

@[implemented_by wrong]
def successor (n : Nat) : Nat := n + 1

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
