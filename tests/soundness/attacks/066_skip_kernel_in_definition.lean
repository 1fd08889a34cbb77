-- target[below] | expected: REJECT KERNEL (the false proof is part of data)
set_option debug.skipKernelTC true in
def key : { n : Nat // n < n } := ⟨3, by decide +kernel⟩

theorem target : ∀ n : Nat, n < 7 := fun _ => absurd key.2 (Nat.lt_irrefl _)
