-- trusted target `public` (TRUE; in module style)
module

public import Init

@[expose] public section

def twice (n : Nat) : Nat := n + n

theorem target : ∀ n : Nat, twice n = 2 * n := by
  sorry
