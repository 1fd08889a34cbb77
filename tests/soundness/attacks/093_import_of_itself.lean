-- target[below] | expected: REJECT IMPORTS | embedded: cannot run (the module that is being judged)
import M

theorem target : ∀ n : Nat, n < 7 := M.target
