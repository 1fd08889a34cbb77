-- target[answer] | expected: REJECT STATEMENT (the answer restates the question)
def answer : Nat → Prop := fun n => n * n = 9

theorem target : ∀ n : Nat, n * n = 9 ↔ answer n := fun _ => Iff.rfl
