-- target[word] | expected: REJECT STATEMENT (the arrow that nobody sees)
abbrev Word := Empty

def Word.length (_ : Word) : Nat := 0

structure Wrapped where
  inner : Nat

instance : Coe Wrapped Nat := ⟨Wrapped.inner⟩

theorem target : ∀ (w : Word) (x : Wrapped), w.length < (x : Nat) := nofun
