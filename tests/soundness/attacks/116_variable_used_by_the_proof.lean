-- target[below] | expected: REJECT STATEMENT (an instance argument that nobody will ever supply)
class Magic : Prop where
  proof : ∀ n : Nat, n < 7

variable [magic : Magic]

include magic in
theorem target : ∀ n : Nat, n < 7 := magic.proof
