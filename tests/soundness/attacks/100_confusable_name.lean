-- target[below] | expected: REJECT MISSING (Cyrillic `е`, so Lean wants guillemets; a regular expression does not see it)
theorem «targеt» : ∀ n : Nat, n ≤ n := Nat.le_refl
