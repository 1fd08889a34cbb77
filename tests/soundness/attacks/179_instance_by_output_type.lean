-- target[zero_add] | expected: REJECT SCOPE (an own type stands among the arguments, as the result: `m + n` is no longer a number)
structure Box where
  inner : Nat

instance : HAdd Nat Nat Box := ⟨fun m _ => ⟨m⟩⟩

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
