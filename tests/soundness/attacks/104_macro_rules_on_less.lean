-- target[below] | expected: REJECT STATEMENT (the symbol `<` means something else from here on)
macro_rules
  | `($_ < $b) => `($b = $b)

theorem target : ∀ n : Nat, n < 7 := fun _ => rfl
