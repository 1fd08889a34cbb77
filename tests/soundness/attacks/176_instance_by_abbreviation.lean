-- target[zero_add] | expected: REJECT SCOPE (the type is the attempt's own, by name; instance search sees through it)
abbrev Score := Nat

instance : LT Score := ⟨fun _ _ => True⟩

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

example (n : Nat) : n < 0 := trivial
