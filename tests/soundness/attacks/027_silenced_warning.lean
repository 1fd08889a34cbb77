-- target[below] | expected: REJECT SORRY (no message at all)
set_option warn.sorry false

theorem target : ∀ n : Nat, n < 7 := by
  refine fun n => ?_
  exact show n < 7 from sorry
