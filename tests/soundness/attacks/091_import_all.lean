-- target[zero_add] | expected: REJECT IMPORTS (the private parts of a library module)
module

import all Init.Prelude

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
