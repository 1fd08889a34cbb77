-- target[below] | expected: REJECT MISSING (made by a macro, so it is `target✝` and prints almost alike)
local macro "prove" : command => `(command| theorem target : ∀ n : Nat, n ≤ n := Nat.le_refl)

prove
