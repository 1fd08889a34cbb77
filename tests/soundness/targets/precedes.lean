-- trusted target `precedes` (OPEN: the statement is about an axiom)
axiom Precedes : Nat → Nat → Prop
axiom precedes_irrefl : ∀ n, ¬ Precedes n n

theorem target : ∃ m n, Precedes m n := by
  sorry
