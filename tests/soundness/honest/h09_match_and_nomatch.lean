-- target[even_true] | expected: ACCEPT (terms by `match`, structural recursion on a proof)
inductive Even : Nat → Prop where
  | zero : Even 0
  | step : Even n → Even (n + 2)

theorem not_even_one : ¬ Even 1 := nofun

theorem even_double : (n : Nat) → Even (2 * n)
  | 0 => .zero
  | n + 1 => .step (even_double n)

theorem target : ∀ n : Nat, Even (n + n) := fun n =>
  match n, Nat.two_mul n ▸ even_double n with
  | _, h => h
