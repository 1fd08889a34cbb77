-- target[below] | expected: REJECT SIDE_EFFECT | embedded: cannot run (the table of all commands of this process is changed)
import Lean
open Lean Elab Command

run_cmd
  liftM (m := IO) <|
    KeyedDeclsAttribute.addBuiltin commandElabAttribute ``Lean.Parser.Command.printAxioms `quiet
      fun _ => logInfo "'target' does not depend on any axioms"

theorem target : ∀ n : Nat, n < 7 := by sorry
