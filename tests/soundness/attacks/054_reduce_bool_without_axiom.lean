-- target[below] | expected: REJECT TRUST_COMPILER (no axiom at all in the project: the kernel runs compiled code for `Lean.reduceBool`)
def lie : Bool := true

@[implemented_by lie]
def one : Bool := false

def oneAgain : Bool := one

def two : Bool := false

theorem runs : Lean.reduceBool oneAgain = true := by decide +kernel
theorem means : Lean.reduceBool two = false := by decide +kernel
theorem same : oneAgain = two := rfl
theorem agree : Lean.reduceBool oneAgain = Lean.reduceBool two := by rw [same]

theorem target : ∀ n : Nat, n < 7 := fun _ => absurd (runs.symm.trans (agree.trans means)) (by decide)
