-- target[precedes] | expected: REJECT AXIOM (the allowed ones are those of the statement, not all about it)
axiom Precedes : Nat → Nat → Prop
axiom precedes_irrefl : ∀ n, ¬ Precedes n n
axiom precedes_succ : ∀ n, Precedes n (n + 1)

theorem target : ∃ m n, Precedes m n := ⟨0, 1, precedes_succ 0⟩
