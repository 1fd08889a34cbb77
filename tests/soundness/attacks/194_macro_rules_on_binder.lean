-- target[zero_add] | expected: REJECT SCOPE (importers' existence proofs become trivial)
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

macro_rules
  | `(∃ $_:ident : Nat, $_) => `(True)
