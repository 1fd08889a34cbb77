-- target[zero_add] | expected: REJECT SCOPE (a category of its own is fine; its way into terms is for everybody)
declare_syntax_cat shape
syntax "square" : shape
syntax "[shape|" shape "]" : term

macro_rules
  | `([shape| square]) => `(4)

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
