-- target[linear] | expected: ACCEPT
theorem target (a b : Nat) (h : a < b) : a + 1 ≤ b ∧ (max a b) = b := by
  refine ⟨?_, ?_⟩
  · calc
      a + 1 = Nat.succ a := rfl
      _ ≤ b := h
  · omega
