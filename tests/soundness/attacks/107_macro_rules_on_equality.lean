-- target[secret] | expected: REJECT STATEMENT
opaque secret : Nat

local macro_rules
  | `($a = 41) => `($a = $a)

theorem target : secret = 41 := rfl
