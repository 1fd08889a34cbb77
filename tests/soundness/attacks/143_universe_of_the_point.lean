-- target[universe] | expected: REJECT STATEMENT (the level parameter is kept where it does no harm)
theorem target.{u} : ∀ (α : Type u) (x y : PUnit.{u + 1}), x = y := fun _ _ _ => rfl
