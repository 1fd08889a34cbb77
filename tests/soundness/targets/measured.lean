-- trusted target `measured` (FALSE)
class Measured (α : Type) where
  size : α → Nat

instance : Measured Nat where
  size n := n + 1

instance : Measured Bool where
  size _ := 1

theorem target : ∀ n : Nat, Measured.size n = 0 := by
  sorry
