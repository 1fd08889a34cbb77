-- trusted target `universe_true` (TRUE)
theorem target.{u, v} : ∀ (α : Sort u) (β : Sort v) (f g : α → β), (∀ x, f x = g x) → f = g := by
  sorry
