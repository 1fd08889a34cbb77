-- trusted target `tiny` (FALSE)
def Tiny (n : Nat) : Prop := n < 3

theorem target : ∀ n : Nat, Tiny n := by
  sorry
