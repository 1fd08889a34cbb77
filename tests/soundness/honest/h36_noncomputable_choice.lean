-- target[zero_add] | expected: ACCEPT (`Classical.choice` by a definition without code)
noncomputable def pick (h : ∃ n : Nat, 0 + n = n) : Nat := Classical.choose h

theorem pick_spec (h : ∃ n : Nat, 0 + n = n) : 0 + pick h = pick h := Classical.choose_spec h

theorem target : ∀ n : Nat, 0 + n = n := by
  intro n
  have := pick_spec ⟨0, rfl⟩
  omega
