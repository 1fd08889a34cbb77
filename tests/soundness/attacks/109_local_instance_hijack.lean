-- target[below] | expected: REJECT STATEMENT (the instance is local and leaves no trace but in the statement)
def silly : LT Nat := ⟨fun _ _ => True⟩

attribute [local instance] silly

theorem target : ∀ n : Nat, n < 7 := fun _ => trivial
