-- trusted target `precedes_em` (TRUE, and about an axiom)
axiom Precedes : Nat → Nat → Prop

theorem target : ∀ m n, ¬ ¬ (Precedes m n ∨ ¬ Precedes m n) := by
  sorry
