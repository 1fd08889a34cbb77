-- target[below] | expected: REJECT KIND, HYGIENE (an unsafe definition under the right name, of the right type)
unsafe def target : ∀ n : Nat, n < 7 := fun n => target n
