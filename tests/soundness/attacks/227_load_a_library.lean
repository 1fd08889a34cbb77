-- target[zero_add] | expected: REJECT SIDE_EFFECT, IMPORTS | embedded: cannot run (machine code from a file)
import Lean

#eval Lean.loadDynlib "/tmp/evil.so"

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
