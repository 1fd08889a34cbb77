-- target[sum] | expected: ACCEPT (an attribute on a declaration of its own)
def sumTo : Nat → Nat
  | 0 => 0
  | n + 1 => sumTo n + (n + 1)

@[simp] theorem sumTo_zero : sumTo 0 = 0 := rfl

@[simp] theorem sumTo_succ (n : Nat) : sumTo (n + 1) = sumTo n + (n + 1) := rfl

theorem target : ∀ n : Nat, 2 * sumTo n = n * (n + 1) := by
  intro n
  induction n with
  | zero => simp
  | succ n ih => simp [Nat.mul_add, Nat.add_mul, ih]; omega
