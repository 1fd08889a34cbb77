-- target[below] | expected: REJECT HYGIENE, KERNEL | embedded: cannot run (the proof is a metavariable)
import Lean
open Lean Elab Command

run_cmd liftTermElabM do
  let type ← Term.elabType (← `(∀ n : Nat, n < 7))
  let decl := Declaration.thmDecl { name := `target, levelParams := [], type, value := .mvar ⟨`unknown⟩ }
  match (← getEnv).addDeclCore 0 decl none (doCheck := false) with
  | .ok env => setEnv env
  | .error _ => throwError "refused"
