-- target[even] | expected: REJECT STATEMENT (one more rule, and every number is even)
inductive Even : Nat → Prop where
  | zero : Even 0
  | step : Even n → Even (n + 2)
  | one : Even 1

theorem target : ∀ n : Nat, Even n
  | 0 => .zero
  | 1 => .one
  | n + 2 => .step (target n)
