-- target[below] | expected: REJECT MISSING (the text has it twice, the data never)
/- theorem target : ∀ n : Nat, n < 7 := by
  decide -/
def note := "
theorem target : ∀ n : Nat, n < 7 := by decide
"
