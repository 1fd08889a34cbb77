-- target[bool_comm] | expected: REJECT TRUST_COMPILER (the same by configuration)
theorem target : ∀ a b : Bool, (a && b) = (b && a) := by
  intro a b
  cases a <;> cases b <;> decide (config := { native := true })
