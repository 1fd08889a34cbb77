-- target[public_false] | expected: REJECT STATEMENT, SCOPE, MISSING (the public one is private now, and about a private namesake)
module

public import Init

private def twice (n : Nat) : Nat := n

theorem target : ∀ n : Nat, twice n = n := fun _ => rfl
