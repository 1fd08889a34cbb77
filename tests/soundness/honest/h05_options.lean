-- target[sum] | expected: ACCEPT
def sumTo : Nat → Nat
  | 0 => 0
  | n + 1 => sumTo n + (n + 1)

set_option maxHeartbeats 400000 in
set_option maxRecDepth 2000 in
theorem target : ∀ n : Nat, 2 * sumTo n = n * (n + 1) := by
  intro n
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [sumTo, Nat.mul_add, ih]
    grind
