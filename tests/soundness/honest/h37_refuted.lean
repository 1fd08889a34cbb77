-- target[below] | expected: ACCEPT-AS-DISPROOF (the target is false, and the honest answer says so)
theorem target.disproof : ¬ ∀ n : Nat, n < 7 := fun h => absurd (h 7) (Nat.lt_irrefl 7)
