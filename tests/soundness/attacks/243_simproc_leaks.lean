-- target[zero_add] | expected: REJECT SCOPE, SIDE_EFFECT, IMPORTS | embedded: cannot run (a program in everybody's `simp`)
import Lean
open Lean Meta Simp

simproc always (_ < _) := fun e => do
  return .done { expr := mkConst ``True, proof? := some (← mkSorry (← mkEq e (mkConst ``True)) true) }

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
