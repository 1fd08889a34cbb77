-- target[zero_add] | expected: REJECT IMPORTS
module

meta import Init.Meta
meta import Init.System.IO

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
