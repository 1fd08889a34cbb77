-- trusted target `sets` (TRUE; needs function extensionality and propositional extensionality)
theorem target (p q : Nat → Prop) (h : ∀ n, p n ↔ q n) : p = q := by
  sorry
