-- target[zero_add] | expected: REJECT SCOPE (`h` is a reserved word from here on: importers do not parse)
macro "close" "h" : tactic => `(tactic| assumption)

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
