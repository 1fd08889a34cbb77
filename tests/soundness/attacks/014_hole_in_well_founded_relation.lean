-- target[below] | expected: REJECT SORRY (the relation is the hole, the recursion looks honest)
def backwards : WellFoundedRelation Nat := ⟨fun m n => n < m, sorry⟩

theorem target (n : Nat) : n < 7 := by
  have := target (n + 1)
  omega
termination_by invImage (fun n => n) backwards |>.rel n n
decreasing_by all_goals sorry
