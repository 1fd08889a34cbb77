-- target[tiny] | expected: REJECT STATEMENT, KIND, AXIOM (a statement may be about axioms, but about the trusted ones)
axiom Tiny (n : Nat) : Prop
axiom tiny (n : Nat) : Tiny n

theorem target : ∀ n : Nat, Tiny n := tiny
