-- trusted target `public_false` (FALSE; in module style)
module

public import Init

@[expose] public section

def twice (n : Nat) : Nat := n + n

theorem target : ∀ n : Nat, twice n = n := by
  sorry
