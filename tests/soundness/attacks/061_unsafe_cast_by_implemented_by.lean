-- target[below] | expected: REJECT TRUST_COMPILER, HYGIENE (a memory address read as data)
unsafe def peek (_ : Unit) : Bool := unsafeCast (1 : Nat)

@[implemented_by peek]
def look (_ : Unit) : Bool := false

theorem bad : look () = true := by native_decide

theorem target : ∀ n : Nat, n < 7 := fun _ => absurd bad (by decide)
