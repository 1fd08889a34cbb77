-- target[below] | expected: REJECT KERNEL (the theorem is checked, its helper is not)
set_option debug.skipKernelTC true in
theorem bad : 2 + 2 = 5 := by decide +kernel

theorem target : ∀ n : Nat, n < 7 := fun _ => absurd bad (by decide)
