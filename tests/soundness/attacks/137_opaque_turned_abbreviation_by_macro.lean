-- target[secret] | expected: REJECT STATEMENT, KIND (`opaque` no longer means opaque)
local macro_rules
  | `(command| opaque $n:ident : $t) => `(command| @[reducible] def $n : $t := 41)

opaque secret : Nat

theorem target : secret = 41 := rfl
