-- target[middle] | expected: ACCEPT (a local instance, by attribute and by `have`)
attribute [local instance] Classical.propDecidable

theorem target : ∀ p q : Prop, ((p → q) → p) → p := by
  intro p q h
  by_cases hp : p
  · exact hp
  · exact h fun x => absurd x hp
