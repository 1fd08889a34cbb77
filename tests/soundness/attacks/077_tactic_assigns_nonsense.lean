-- target[below] | expected: REJECT KERNEL | embedded: cannot run (a tactic closes the goal with a term of another type)
import Lean
open Lean Elab Tactic

elab "done!" : tactic => do
  (← getMainGoal).assign (mkConst ``True.intro)

set_option debug.skipKernelTC true in
theorem target : ∀ n : Nat, n < 7 := by
  done!
