-- target[below] | expected: REJECT KERNEL, AXIOM, HYGIENE (the compiler's own `lcProof`)
set_option debug.skipKernelTC true in
theorem target : ∀ n : Nat, n < 7 := fun _ => lcProof
