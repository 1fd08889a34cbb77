-- trusted target `secret` (OPEN: an opaque constant)
opaque secret : Nat

theorem target : secret = 41 := by
  sorry
