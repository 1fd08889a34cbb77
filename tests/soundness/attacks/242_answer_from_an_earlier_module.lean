-- target[answer] | expected: REJECT STATEMENT (the hole in the statement is filled with what is always true)
def answer : Nat → Prop := fun n => n = 3

theorem target : ∀ n : Nat, n * n = 9 ↔ answer n := by
  intro n
  constructor
  · intro h
    have : n ≤ 3 := by
      rcases Nat.lt_or_ge 3 n with h' | h'
      · have := Nat.mul_le_mul h' h'
        omega
      · exact h'
    match n, this, h with
    | 0, _, h | 1, _, h | 2, _, h => simp at h
    | 3, _, _ => rfl
  · intro h
    simp only [answer] at h
    subst h
    rfl
