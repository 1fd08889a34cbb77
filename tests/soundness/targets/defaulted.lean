-- trusted target `defaulted` (FALSE; the default argument stands in the statement)
def scaled (n : Nat) (factor : Nat := 2) : Nat := n * factor

theorem target : ∀ n : Nat, scaled n = n := by
  sorry
