-- target[below] | expected: REJECT SORRY (a control character shows the lines in another order)
theorem target : ∀ n : Nat, n < 7 := by /-‮ ⁦-/ sorry /-⁩ ⁦ no holes -/
