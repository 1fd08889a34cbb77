-- target[below] | expected: REJECT AXIOM (the keyword is in a macro, far from the theorem)
local macro "assume " n:ident : command => `(command| axiom $n : ∀ n : Nat, n < 7)

assume bounded

theorem target : ∀ n : Nat, n < 7 := bounded
