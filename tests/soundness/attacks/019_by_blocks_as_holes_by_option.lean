-- target[below] | expected: REJECT SORRY
set_option debug.byAsSorry true

theorem target : ∀ n : Nat, n < 7 := by
  intro n
  exact Nat.lt_of_lt_of_le n.lt_succ_self (by omega)
