-- target[below] | expected: REJECT SORRY (`opaque` needs an inhabitant and hides it)
structure Proof where
  proof : ∀ n : Nat, n < 7

instance : Inhabited Proof := ⟨⟨sorry⟩⟩

opaque evidence : Proof

theorem target : ∀ n : Nat, n < 7 := evidence.proof
