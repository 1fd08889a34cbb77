-- target[below] | expected: REJECT AXIOM (two steps away, in data)
axiom oracle : Nat → Bool
axiom oracle_spec : ∀ n : Nat, oracle n = true → n < 7
axiom oracle_yes : ∀ n : Nat, oracle n = true

noncomputable def verified (n : Nat) : { b : Bool // b = true → n < 7 } := ⟨oracle n, oracle_spec n⟩

theorem target : ∀ n : Nat, n < 7 := fun n => (verified n).2 (oracle_yes n)
