-- target[zero_add] | expected: REJECT SCOPE (a natural number where a text is wanted)
instance : Coe Nat String := ⟨fun _ => "anything"⟩

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
