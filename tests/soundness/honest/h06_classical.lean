-- target[middle] | expected: ACCEPT (proof by contradiction)
theorem target : ∀ p q : Prop, ((p → q) → p) → p := by
  intro p q h
  apply Classical.byContradiction
  intro hp
  exact hp (h fun x => absurd x hp)
