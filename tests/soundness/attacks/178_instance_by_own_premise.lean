-- target[zero_add] | expected: REJECT SCOPE (an instance for every type that has an own class, then the class for Nat)
class Ranked (α : Type) where
  rank : α → Nat

instance (priority := 2000) [Ranked α] : LT α := ⟨fun _ _ => True⟩
instance : Ranked Nat := ⟨fun n => n⟩

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

example (n : Nat) : n < 0 := trivial
