-- target[precedes] | expected: REJECT KIND, STATEMENT (an opaque constant has a value that a lock must see)
opaque Precedes : Nat → Nat → Prop
axiom precedes_irrefl : ∀ n, ¬ Precedes n n
axiom more : ∃ m n, Precedes m n

theorem target : ∃ m n, Precedes m n := more
