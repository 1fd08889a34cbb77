-- target[below] | expected: REJECT STATEMENT (the hypothesis enters through `variable`)
section
variable (bounded : ∀ n : Nat, n < 7)
include bounded

theorem target : ∀ n : Nat, n < 7 := bounded
end
