-- target[precedes] | expected: REJECT STATEMENT, SCOPE, KIND, AXIOM (`precedes_irrefl` now says what is wanted)
axiom Precedes : Nat → Nat → Prop
axiom precedes_irrefl : ∀ n, Precedes n n

theorem target : ∃ m n, Precedes m n := ⟨0, 0, precedes_irrefl 0⟩
