-- target[existence] | expected: REJECT STATEMENT (the quantifiers change places)
theorem target : ∀ n : Nat, ∃ m : Nat, n ≤ m := fun n => ⟨n, Nat.le_refl n⟩
