-- trusted target `measured_true` (TRUE)
class Measured (α : Type) where
  size : α → Nat

instance measuredNat : Measured Nat where
  size n := n + 1

theorem target : ∀ n : Nat, 0 < Measured.size n := by
  sorry
