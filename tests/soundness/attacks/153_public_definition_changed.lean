-- target[public_false] | expected: REJECT STATEMENT (in module style)
module

public import Init

@[expose] public section

def twice (n : Nat) : Nat := n

theorem target : ∀ n : Nat, twice n = n := fun _ => rfl
