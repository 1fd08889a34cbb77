-- target[bool_comm] | expected: ACCEPT
theorem target : ∀ a b : Bool, (a && b) = (b && a) := by
  decide
