-- target[universe_true] | expected: REJECT STATEMENT (the same type with its level parameters in another order)
theorem target.{v, u} : ∀ (α : Sort u) (β : Sort v) (f g : α → β), (∀ x, f x = g x) → f = g :=
  fun _ _ _ _ h => funext h
