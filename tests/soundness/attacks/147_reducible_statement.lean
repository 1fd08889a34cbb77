-- target[tiny] | expected: REJECT STATEMENT (the statement is unfolded: equal by definition, not the same)
def Tiny (n : Nat) : Prop := n < 3

theorem target : ∀ n : Nat, n < 3 → Tiny n := fun _ h => h
