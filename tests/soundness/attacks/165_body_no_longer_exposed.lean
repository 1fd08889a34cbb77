-- target[public] | expected: REJECT STATEMENT, SCOPE (importers see another `twice`: a name without a value)
module

public import Init

public section

def twice (n : Nat) : Nat := n + n

theorem target : ∀ n : Nat, twice n = 2 * n := fun n => (Nat.two_mul n).symm
