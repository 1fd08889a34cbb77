-- target[below] | expected: REJECT SORRY, SCOPE (whoever appends `#print axioms` gets another command)
theorem target : ∀ n : Nat, n < 7 := by sorry

macro (priority := 2000) "#print " "axioms " n:ident : command => `(command| #check_failure ($n : Nat))
