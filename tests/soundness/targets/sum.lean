-- trusted target `sum` (TRUE)
def sumTo : Nat → Nat
  | 0 => 0
  | n + 1 => sumTo n + (n + 1)

theorem target : ∀ n : Nat, 2 * sumTo n = n * (n + 1) := by
  sorry
