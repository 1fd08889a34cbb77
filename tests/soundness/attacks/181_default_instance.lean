-- target[zero_add] | expected: REJECT SCOPE (a plain numeral is a `Box` from here on)
structure Box where
  inner : Nat

@[default_instance 2000] instance (n : Nat) : OfNat Box n := ⟨⟨n⟩⟩

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

example : Box := (fun x => x) 3
