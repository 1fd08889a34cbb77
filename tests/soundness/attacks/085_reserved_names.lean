-- target[zero_add] | expected: REJECT HYGIENE, SCOPE (names that Lean makes for itself, taken in advance)
theorem «_private».M.«0».target : True := trivial
theorem target._proof_1 : True := trivial

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
