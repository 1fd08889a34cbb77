-- target[universe_true] | expected: ACCEPT
theorem target.{u, v} : ∀ (α : Sort u) (β : Sort v) (f g : α → β), (∀ x, f x = g x) → f = g :=
  fun _ _ _ _ h => funext h
