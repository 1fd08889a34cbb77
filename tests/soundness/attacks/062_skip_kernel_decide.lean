-- target[below] | expected: REJECT KERNEL (the elaborator leaves the check to a kernel that is switched off)
set_option debug.skipKernelTC true in
theorem target : ∀ n : Nat, n < 7 := fun n =>
  absurd (show 1 = 2 by decide +kernel) (by decide)
