-- trusted target `even_true` (TRUE)
inductive Even : Nat → Prop where
  | zero : Even 0
  | step : Even n → Even (n + 2)

theorem target : ∀ n : Nat, Even (n + n) := by
  sorry
