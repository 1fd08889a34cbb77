-- target[zero_add] | expected: REJECT TRUST_COMPILER, SCOPE (honest, but it changes what later code is compiled to)
@[expose] public section

def slow (n : Nat) : Nat := n + 0
def fast (n : Nat) : Nat := n

@[csimp] theorem slow_eq_fast : @slow = @fast := rfl

end

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
