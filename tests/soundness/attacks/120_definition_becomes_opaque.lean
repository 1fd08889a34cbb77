-- target[tiny] | expected: REJECT STATEMENT, KIND, AXIOM (an opaque constant of the same value, and an axiom about it)
opaque Tiny (n : Nat) : Prop := n < 3

axiom tiny (n : Nat) : Tiny n

theorem target : ∀ n : Nat, Tiny n := tiny
