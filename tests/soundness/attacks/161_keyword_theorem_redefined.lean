-- target[below] | expected: REJECT STATEMENT, KIND (the word `theorem` makes something else)
local macro (priority := 2000) "theorem " n:ident " : " _t:term " := " p:term : command =>
  `(command| def $n := ($p : True))

theorem target : ∀ n : Nat, n < 7 := trivial
