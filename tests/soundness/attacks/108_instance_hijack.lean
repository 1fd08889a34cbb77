-- target[below] | expected: REJECT STATEMENT, SCOPE (prints as it should: `∀ (n : Nat), n < 7`)
instance (priority := 2000) : LT Nat where
  lt _ _ := True

theorem target : ∀ n : Nat, n < 7 := fun _ => trivial
