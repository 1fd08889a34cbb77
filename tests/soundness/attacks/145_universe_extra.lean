-- target[below] | expected: REJECT STATEMENT (a level parameter that nothing uses; false all the same)
theorem target.{u} : ∀ n : Nat, n < 7 ∨ (∀ α : Type u, α = α) := fun _ => .inr fun _ => rfl
