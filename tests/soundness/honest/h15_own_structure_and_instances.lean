-- target[zero_add] | expected: ACCEPT (library classes for its own type)
structure Weight where
  grams : Nat
  pieces : Nat
  deriving DecidableEq

instance : Add Weight := ⟨fun a b => ⟨a.grams + b.grams, a.pieces + b.pieces⟩⟩
instance : LE Weight := ⟨fun a b => a.grams ≤ b.grams⟩
instance : Inhabited Weight := ⟨⟨0, 0⟩⟩
instance : Coe Weight Nat := ⟨Weight.grams⟩

@[ext] theorem Weight.eq_of_grams {a b : Weight} (h : a.grams = b.grams) (k : a.pieces = b.pieces) : a = b := by
  cases a
  cases b
  simp_all

theorem target : ∀ n : Nat, 0 + n = n := by
  intro n
  have h : (⟨0, 0⟩ + ⟨n, 1⟩ : Weight) = ⟨n, 1⟩ := by
    apply Weight.eq_of_grams
    · show 0 + n = n
      omega
    · rfl
  exact congrArg Weight.grams h
