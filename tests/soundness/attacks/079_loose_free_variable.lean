-- target[below] | expected: REJECT HYGIENE, KERNEL | embedded: cannot run (an opaque body with a free variable of the kernel's)
import Lean
open Lean

run_elab do
  addDecl <| .opaqueDecl
    { name := `phantom, levelParams := [], type := mkConst ``False, isUnsafe := false, all := [`phantom]
      value := .fvar ⟨.num `_kernel_fresh 2⟩ }

theorem target : ∀ n : Nat, n < 7 := fun _ => phantom.elim
