-- target[below] | expected: REJECT STATEMENT (local, so nothing is left behind; the statement is another one all the same)
local macro_rules
  | `(∀ $_:ident : $_, $_) => `(True)

theorem target : ∀ n : Nat, n < 7 := trivial
