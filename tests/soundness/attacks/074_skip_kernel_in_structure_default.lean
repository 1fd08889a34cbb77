-- target[below] | expected: REJECT KERNEL (the unchecked proof is the default value of a field)
set_option debug.skipKernelTC true in
structure Claim where
  proof : 3 < 2 := by decide +kernel

set_option debug.skipKernelTC true in
theorem target : ∀ n : Nat, n < 7 := fun _ => absurd ({} : Claim).proof (by decide)
