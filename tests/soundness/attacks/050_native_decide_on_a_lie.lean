-- target[below] | expected: REJECT TRUST_COMPILER (machine code and meaning differ)
def no : Nat → Bool := fun _ => true

@[implemented_by no]
def even (n : Nat) : Bool := n % 2 == 0

theorem bad : even 1 = true := by native_decide

theorem target : ∀ n : Nat, n < 7 := fun _ => absurd bad (by decide)
