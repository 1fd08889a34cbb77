-- target[measured] | expected: REJECT STATEMENT (the instance that the statement rests on has another value)
class Measured (α : Type) where
  size : α → Nat

instance : Measured Nat where
  size _ := 0

instance : Measured Bool where
  size _ := 1

theorem target : ∀ n : Nat, Measured.size n = 0 := fun _ => rfl
