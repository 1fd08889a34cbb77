-- target[below] | expected: REJECT AXIOM | embedded: cannot run (the goal itself is made an axiom from inside the proof)
import Lean
open Lean Elab Tactic

theorem target : ∀ n : Nat, n < 7 := by
  run_tac do
    let type ← getMainTarget
    addDecl (.axiomDecl { name := `given, levelParams := [], type, isUnsafe := false })
    (← getMainGoal).assign (mkConst `given)
