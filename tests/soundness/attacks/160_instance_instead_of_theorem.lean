-- target[below] | expected: REJECT KIND, STATEMENT
class Holds (p : Prop) : Prop where
  proof : True

instance target : Holds (∀ n : Nat, n < 7) := ⟨trivial⟩
