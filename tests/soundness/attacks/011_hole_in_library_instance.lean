-- target[below] | expected: REJECT SORRY, SCOPE (an inhabitant of the statement, taken by `default`)
instance : Inhabited (∀ n : Nat, n < 7) := ⟨by sorry⟩

theorem target : ∀ n : Nat, n < 7 := default
