-- target[bool_comm] | expected: REJECT TRUST_COMPILER (true and decidable; trusts the compiler all the same)
theorem target : ∀ a b : Bool, (a && b) = (b && a) := by
  intro a b
  cases a <;> cases b <;> native_decide
