-- target[below] | expected: REJECT KERNEL
set_option debug.skipKernelTC true

theorem target : ∀ n : Nat, n < 7 := by
  intro n
  have bad : 10 < 7 := by decide +kernel
  omega
