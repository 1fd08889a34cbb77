-- target[sets] | expected: ACCEPT (`propext`, and `Quot.sound` by `funext`)
theorem target (p q : Nat → Prop) (h : ∀ n, p n ↔ q n) : p = q := by
  funext n
  exact propext (h n)
