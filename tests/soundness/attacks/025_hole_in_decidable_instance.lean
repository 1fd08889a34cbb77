-- target[below] | expected: REJECT SORRY (`decide` evaluates the instance and never meets the hole)
local instance : Decidable (∀ n : Nat, n < 7) := isTrue (by admit)

theorem target : ∀ n : Nat, n < 7 := by
  decide
