-- target[public_false] | expected: REJECT IMPORTS, STATEMENT (the target's header is gone)
prelude
import Init.Core

def twice (n : Nat) : Nat := n

theorem target : ∀ n : Nat, twice n = n := fun _ => rfl
