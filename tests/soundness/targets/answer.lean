-- trusted target `answer` (HOLE: the statement itself has one)
def answer : Nat → Prop := sorry

theorem target : ∀ n : Nat, n * n = 9 ↔ answer n := by
  sorry
