-- target[below] | expected: REJECT SORRY (found by instance search; class and instance are the attempt's own)
class Bounded (limit : Nat) where
  proof : ∀ n : Nat, n < limit

instance : Bounded 7 := ⟨sorry⟩

theorem target : ∀ n : Nat, n < 7 := Bounded.proof
