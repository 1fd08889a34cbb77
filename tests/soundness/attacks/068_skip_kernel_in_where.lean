-- target[below] | expected: REJECT KERNEL
set_option debug.skipKernelTC true in
theorem target : ∀ n : Nat, n < 7 := fun _ => absurd bad (by decide)
where
  bad : Nat.ble 9 7 = true := by decide +kernel
