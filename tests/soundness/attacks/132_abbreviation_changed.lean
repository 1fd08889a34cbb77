-- target[word] | expected: REJECT STATEMENT (another type under the abbreviation; a coercion with another value)
abbrev Word := Vector Bool 0

structure Wrapped where
  inner : Nat

instance : Coe Wrapped Nat := ⟨fun x => x.inner + 1⟩

abbrev Vector.length (_ : Vector Bool 0) : Nat := 0

theorem target : ∀ (w : Word) (x : Wrapped), w.length < (x : Nat) := fun _ x => Nat.succ_pos x.inner
