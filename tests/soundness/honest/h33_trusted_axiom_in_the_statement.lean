-- target[precedes_em] | expected: ACCEPT (the statement is about an axiom, so the proof rests on it as well)
axiom Precedes : Nat → Nat → Prop

theorem target : ∀ m n, ¬ ¬ (Precedes m n ∨ ¬ Precedes m n) :=
  fun _ _ h => h (.inr fun p => h (.inl p))
