-- target[even] | expected: REJECT STATEMENT (constructors keep their names and their number)
inductive Even : Nat → Prop where
  | zero : Even 0
  | step : Even n → Even (n + 1)

theorem target : ∀ n : Nat, Even n
  | 0 => .zero
  | n + 1 => .step (target n)
