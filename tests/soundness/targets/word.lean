-- trusted target `word` (FALSE; an abbreviation and a coercion in the statement)
abbrev Word := List Bool

structure Wrapped where
  inner : Nat

instance : Coe Wrapped Nat := ⟨Wrapped.inner⟩

theorem target : ∀ (w : Word) (x : Wrapped), w.length < (x : Nat) := by
  sorry
