-- target[literal] | expected: REJECT STATEMENT (so that `^` is addition)
local macro_rules
  | `($m ^ $n) => `($m + $n)

theorem target : (2 : Nat) ^ 10 < 1000 := by
  decide
