-- target[below] | expected: REJECT SORRY (`conv` has its own `sorry`)
theorem target : ∀ n : Nat, n < 7 := by
  intro n
  have h : (n < 7) = True := by
    conv =>
      lhs
      tactic => sorry
  exact h ▸ trivial
