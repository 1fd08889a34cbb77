-- target[below] | expected: REJECT KERNEL | embedded: cannot run (stored in the environment without a check)
import Lean
open Lean Elab Command

run_cmd liftTermElabM do
  let type ← Term.elabType (← `(∀ n : Nat, n < 7))
  let theorem_ := Declaration.thmDecl
    { name := `target, levelParams := [], type, value := mkConst ``True.intro }
  match (← getEnv).addDeclCore 0 theorem_ none (doCheck := false) with
  | .ok env => setEnv env
  | .error _ => throwError "refused"
