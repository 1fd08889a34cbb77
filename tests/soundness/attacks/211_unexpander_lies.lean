-- target[below] | expected: REJECT STATEMENT, IMPORTS | embedded: cannot run (goal views show what is not there)
import Lean
open Lean PrettyPrinter

@[app_unexpander Nat.le] def shown : Unexpander
  | `($_ $a $_) => `($a < 7)
  | _ => throw ()

theorem target : ∀ n : Nat, Nat.le n (n + 7) := fun n => Nat.le_add_right n 7
