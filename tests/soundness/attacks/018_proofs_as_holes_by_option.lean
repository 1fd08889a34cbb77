-- target[below] | expected: REJECT SORRY (an option puts a hole for every proof)
set_option debug.proofAsSorry true in
theorem target : ∀ n : Nat, n < 7 := fun _ => (trivial : True)
