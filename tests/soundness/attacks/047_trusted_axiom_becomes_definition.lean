-- target[precedes] | expected: REJECT KIND, STATEMENT (fewer axioms than before is no sign of health)
def Precedes (_ _ : Nat) : Prop := True
axiom precedes_irrefl : ∀ n, ¬ Precedes n n

theorem target : ∃ m n, Precedes m n := ⟨0, 0, trivial⟩
