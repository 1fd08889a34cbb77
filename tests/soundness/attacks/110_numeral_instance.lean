-- target[literal] | expected: REJECT STATEMENT (so that 1000 means 2000)
local instance : OfNat Nat 1000 := ⟨2000⟩

theorem target : (2 : Nat) ^ 10 < 1000 := by
  show (2 : Nat) ^ 10 < 2000
  decide
