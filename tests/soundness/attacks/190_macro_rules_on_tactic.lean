-- target[zero_add] | expected: REJECT SCOPE (importers' `rfl` admits everything)
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

macro_rules
  | `(tactic| rfl) => `(tactic| exact test_sorry)
