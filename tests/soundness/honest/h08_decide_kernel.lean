-- target[bool_comm] | expected: ACCEPT (evaluated by the kernel, which is switched on)
theorem target : ∀ a b : Bool, (a && b) = (b && a) := by
  decide +kernel
