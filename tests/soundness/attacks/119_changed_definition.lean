-- target[tiny] | expected: REJECT STATEMENT (the theorem's line and its expression are the same)
def Tiny (n : Nat) : Prop := n < 3 ∨ 3 ≤ n

theorem target : ∀ n : Nat, Tiny n := fun n => Nat.lt_or_ge n 3
