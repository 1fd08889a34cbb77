-- target[below] | expected: REJECT KIND, SORRY, HYGIENE, SCOPE (`partial` needs only an inhabitant)
instance (n : Nat) : Nonempty (n < 7) := ⟨sorry⟩

partial def target (n : Nat) : n < 7 := target n
