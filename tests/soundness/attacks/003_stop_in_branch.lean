-- target[below] | expected: REJECT SORRY (`stop` drops the rest of the branch, what follows is never elaborated)
theorem target : ∀ n : Nat, n < 7 := by
  intro n
  induction n with
  | zero => decide
  | succ n ih =>
    stop
    exact Nat.lt_trans ih (obviously n)
