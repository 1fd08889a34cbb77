-- trusted target `notation` (FALSE)
public section

def divides (m n : Nat) : Prop := ∃ k, n = m * k

infix:50 " divs " => divides

theorem target : ∀ m n : Nat, m divs n := by
  sorry
