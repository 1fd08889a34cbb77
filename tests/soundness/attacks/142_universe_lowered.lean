-- target[universe] | expected: REJECT STATEMENT (no level parameter; it prints alike)
theorem target : ∀ (α : Prop) (x y : α), x = y := fun _ _ _ => rfl
