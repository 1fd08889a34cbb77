-- target[below] | expected: REJECT IMPORTS | embedded: cannot run (whoever puts a file there decides)
import Evil

theorem target : ∀ n : Nat, n < 7 := Evil.target
