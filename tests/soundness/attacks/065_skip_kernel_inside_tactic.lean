-- target[below] | expected: REJECT KERNEL (only the auxiliary lemma escapes; the theorem's own term is checked and fine)
theorem target : ∀ n : Nat, n < 7 := by
  intro n
  have bad : 10 < 7 := by
    set_option debug.skipKernelTC true in
    decide +kernel
  omega
