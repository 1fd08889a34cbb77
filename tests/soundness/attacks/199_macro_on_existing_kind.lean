-- target[zero_add] | expected: REJECT SCOPE (an expansion rule by attribute, not by `macro_rules`)
@[macro Lean.Parser.Term.app] public meta def silent : Lean.Macro := fun _ _ s => .error .unsupportedSyntax s

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
