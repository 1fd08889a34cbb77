-- target[below] | expected: REJECT KERNEL, HYGIENE (an endless unsafe definition of a proof)
unsafe def loop (n : Nat) : n < 7 := loop n

set_option debug.skipKernelTC true in
theorem target : ∀ n : Nat, n < 7 := fun n => loop n
