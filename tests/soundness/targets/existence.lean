-- trusted target `existence` (FALSE; every quantifier counts)
theorem target : ∃ m : Nat, ∀ n : Nat, n ≤ m := by
  sorry
