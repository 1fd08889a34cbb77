-- target[linear] | expected: REJECT STATEMENT (implicit where the target is explicit: whoever uses it no longer compiles)
theorem target {a b : Nat} (h : a < b) : a + 1 ≤ b ∧ (max a b) = b :=
  ⟨h, Nat.max_eq_right (Nat.le_of_lt h)⟩
