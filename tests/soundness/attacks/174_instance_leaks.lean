-- target[zero_add] | expected: REJECT SCOPE (after the theorem: for importers `<` is always true)
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

instance : LT Nat := ⟨fun _ _ => True⟩
