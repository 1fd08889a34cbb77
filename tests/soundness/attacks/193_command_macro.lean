-- target[zero_add] | expected: REJECT SCOPE (a command for everybody)
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

macro "conjecture " n:ident " : " t:term : command => `(command| axiom $n : $t)
