-- target[below] | expected: REJECT HYGIENE, TRUST_COMPILER | embedded: cannot run (a natural number below zero in the term)
import Lean
open Lean

unsafe def belowZero : Nat := unsafeCast (-(2 ^ 65) : Int)

@[implemented_by belowZero] opaque minus : Nat

run_elab
  addDecl <| .defnDecl
    { name := `impossible, levelParams := [], type := mkConst ``Nat
      value := .lit (.natVal minus), hints := .abbrev, safety := .safe }

theorem target : ∀ n : Nat, n < 7 :=
  fun _ => absurd (show Nat.ble impossible 0 = true from rfl) (by decide)
