-- target[below] | expected: REJECT KERNEL (the option's name in guillemets and in pieces)
set_option «debug».«skipKernelTC» true in
theorem bad : "a" = "b" := by decide +kernel

theorem target : ∀ n : Nat, n < 7 := fun _ => absurd bad (by decide)
