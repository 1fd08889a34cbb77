-- target[zero_add] | expected: REJECT SCOPE (a reducible function of an own type gives Nat)
structure Tag where

@[reducible] def Carrier (_ : Tag) : Type := Nat

instance : LT (Carrier ⟨⟩) := ⟨fun _ _ => True⟩

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

example (n : Nat) : n < 0 := trivial
