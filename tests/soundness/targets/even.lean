-- trusted target `even` (FALSE)
inductive Even : Nat → Prop where
  | zero : Even 0
  | step : Even n → Even (n + 2)

theorem target : ∀ n : Nat, Even n := by
  sorry
