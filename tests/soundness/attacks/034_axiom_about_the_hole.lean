-- target[answer] | expected: REJECT AXIOM, SORRY (the statement has a hole, so nothing can prove it)
def answer : Nat → Prop := sorry

axiom known : ∀ n : Nat, n * n = 9 ↔ answer n

theorem target : ∀ n : Nat, n * n = 9 ↔ answer n := known
