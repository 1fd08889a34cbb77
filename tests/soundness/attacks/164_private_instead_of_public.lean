-- target[public] | expected: REJECT MISSING, SCOPE, STATEMENT (importers no longer see it)
module

public import Init

@[expose] public section

def twice (n : Nat) : Nat := n + n

private theorem target : ∀ n : Nat, twice n = 2 * n := fun n => (Nat.two_mul n).symm
