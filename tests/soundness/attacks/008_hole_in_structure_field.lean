-- target[below] | expected: REJECT SORRY (a proof among the fields of data)
structure Bound where
  limit : Nat
  proof : ∀ n : Nat, n < limit

def seven : Bound := { limit := 7, proof := sorry }

theorem target : ∀ n : Nat, n < 7 := seven.proof
