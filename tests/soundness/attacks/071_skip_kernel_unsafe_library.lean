-- target[below] | expected: REJECT KERNEL, HYGIENE (a safe theorem may not mention unsafe code; only the kernel says so)
set_option debug.skipKernelTC true in
theorem target : ∀ n : Nat, n < 7 := fun _ => unsafeCast trivial
