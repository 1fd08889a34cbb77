-- target[zero_add] | expected: REJECT IMPORTS (honest, but with a part of the library only)
module

prelude
import Init.Prelude
import Init.Data.Nat.Basic

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
