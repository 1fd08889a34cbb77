-- target[precedes] | expected: REJECT STATEMENT, MISSING, SCOPE (the axioms are gone and `Precedes` is whatever fits)
set_option autoImplicit true

theorem target {Precedes : Nat → Nat → Prop} (h : Precedes 0 1) : ∃ m n, Precedes m n := ⟨0, 1, h⟩
