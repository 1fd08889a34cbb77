-- target[zero_add] | expected: ACCEPT
theorem target : ∀ n : Nat, 0 + n = n := fun n => Nat.zero_add n
