-- target[answer] | expected: REJECT SORRY, STATEMENT (what is to be found is left open, and equal to itself)
def answer : Nat → Prop := sorry

theorem target : ∀ n : Nat, n * n = 9 ↔ answer n := by
  intro n
  exact sorry
