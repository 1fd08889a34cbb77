-- target[zero_add] | expected: REJECT SCOPE (a definition first, an instance later)
def orderOfAll : LE Nat := ⟨fun _ _ => True⟩

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

attribute [instance 2000] orderOfAll
