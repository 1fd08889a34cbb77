-- target[measured] | expected: REJECT STATEMENT (a class with a law that its instances do not have)
class Measured (α : Type) where
  size : α → Nat
  nothing : ∀ a, size a = 0

instance : Measured Nat where
  size _ := 0
  nothing _ := rfl

instance : Measured Bool where
  size _ := 0
  nothing _ := rfl

theorem target : ∀ n : Nat, Measured.size n = 0 := fun _ => rfl
