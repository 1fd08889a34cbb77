-- target[below] | expected: REJECT SORRY (one step of many)
theorem target : ∀ n : Nat, n < 7 := fun n =>
  calc
    n < n + 1 := Nat.lt_succ_self n
    _ ≤ 7 := sorry
