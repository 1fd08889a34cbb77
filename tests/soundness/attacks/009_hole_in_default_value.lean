-- target[below] | expected: REJECT SORRY (the field is filled where the structure is made)
structure Evidence where
  proof : ∀ n : Nat, n < 7 := by sorry

theorem target : ∀ n : Nat, n < 7 := ({} : Evidence).proof
