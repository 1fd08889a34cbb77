-- target[below] | expected: REJECT TRUST_COMPILER (the same for `Lean.reduceNat`)
def lie : Nat := 1

@[implemented_by lie]
def zero : Nat := 0

def zeroAgain : Nat := zero

def nought : Nat := 0

theorem runs : Lean.reduceNat zeroAgain = 1 := by decide +kernel
theorem means : Lean.reduceNat nought = 0 := by decide +kernel
theorem same : zeroAgain = nought := rfl
theorem agree : Lean.reduceNat zeroAgain = Lean.reduceNat nought := by rw [same]

theorem target : ∀ n : Nat, n < 7 := fun _ => absurd (runs.symm.trans (agree.trans means)) (by decide)
