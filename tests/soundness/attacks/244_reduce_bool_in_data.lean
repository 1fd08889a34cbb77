-- target[below] | expected: REJECT TRUST_COMPILER (`Lean.reduceBool` in data instead of in a theorem)
def lie : Bool := true

@[implemented_by lie]
def no : Bool := false

def noAgain : Bool := no
def never : Bool := false

structure Certificate where
  says : Bool
  proof : Lean.reduceBool noAgain = says

def certificate : Certificate := ⟨true, by decide +kernel⟩

theorem means : Lean.reduceBool never = false := by decide +kernel

theorem target : ∀ n : Nat, n < 7 := by
  intro n
  have same : noAgain = never := rfl
  have h := certificate.proof
  rw [same, means] at h
  exact absurd (show certificate.says = true from rfl) (by rw [← h]; decide)
