-- target[below] | expected: REJECT STATEMENT (every 7 is a 0 and `<` is turned)
local macro_rules
  | `($a < 7) => `(0 ≤ $a)

theorem target : ∀ n : Nat, n < 7 := fun n => Nat.zero_le n
