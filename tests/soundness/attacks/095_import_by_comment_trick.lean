-- target[zero_add] | expected: REJECT IMPORTS (a comment with an end inside, then a header)
/- the header follows /- nested -/ -/ import Std
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
