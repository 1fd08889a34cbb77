-- target[measured] | expected: REJECT STATEMENT, SCOPE (all is kept; a later instance wins)
class Measured (α : Type) where
  size : α → Nat

instance : Measured Nat where
  size n := n + 1

instance : Measured Bool where
  size _ := 1

instance another : Measured Nat where
  size _ := 0

theorem target : ∀ n : Nat, Measured.size n = 0 := fun _ => rfl
