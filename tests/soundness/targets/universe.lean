-- trusted target `universe` (FALSE)
theorem target.{u} : ∀ (α : Type u) (x y : α), x = y := by
  sorry
