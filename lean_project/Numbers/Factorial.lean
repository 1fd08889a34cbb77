module

public import Numbers.Power

/-!
# Factorials

The number of ways to put `n` books in order, what divides it, and how it compares with powers.
-/

@[expose] public section

namespace Numbers

/-- The factorial `1 · 2 · ⋯ · n`. -/
def factorial : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * factorial n

/-- The factorial of `n + 1` is `n + 1` times that of `n`. -/
theorem factorial_succ (n : Nat) : factorial (n + 1) = (n + 1) * factorial n := by
  rfl

/-- A factorial is never zero. -/
theorem factorial_pos (n : Nat) : 0 < factorial n := by
  induction n with
  | zero => decide
  | succ n ih => rw [factorial_succ]; exact Nat.mul_pos (Nat.succ_pos n) ih

/-- A number is at most its factorial. -/
theorem self_le_factorial (n : Nat) : n ≤ factorial n := by
  cases n with
  | zero => decide
  | succ n => rw [factorial_succ]; exact Nat.le_mul_of_pos_right _ (factorial_pos n)

/-- Factorials divide the larger ones. -/
theorem factorial_dvd_factorial_add (m n : Nat) : factorial m ∣ factorial (m + n) := by
  induction n with
  | zero => exact Nat.dvd_refl _
  | succ n ih => rw [← Nat.add_assoc, factorial_succ]; exact Nat.dvd_mul_left_of_dvd ih _

/-- Every number from `1` to `n` divides the factorial of `n`. -/
theorem dvd_factorial (k n : Nat) (hk : 0 < k) (hn : k ≤ n) : k ∣ factorial n := by
  sorry

/-- The factorial number system: the largest number with `n` digits is one less than `(n + 1)!`. -/
theorem sum_mul_factorial (n : Nat) :
    sum (fun i => i * factorial i) (n + 1) + 1 = factorial (n + 1) := by
  sorry

/-- Factorials grow at least as fast as powers of two. -/
theorem two_pow_le_factorial (n : Nat) : 2 ^ n ≤ factorial (n + 1) := by
  induction n with
  | zero => decide
  | succ n ih =>
    rw [Nat.pow_succ, Nat.mul_comm, factorial_succ (n + 1)]
    exact Nat.mul_le_mul (by omega) ih

/-- Factorials outgrow the powers of any base: past `b`, each step multiplies by more than `b`. -/
theorem factorial_mul_pow_le (b n : Nat) : factorial b * b ^ n ≤ factorial (b + n) := by
  induction n with
  | zero => simp
  | succ n ih =>
    rw [← Nat.add_assoc, factorial_succ, Nat.pow_succ, ← Nat.mul_assoc, Nat.mul_comm _ b]
    exact Nat.mul_le_mul (by omega) ih

/-- A factorial is at most the power in which every factor is `n`. -/
theorem factorial_le_pow (n : Nat) : factorial n ≤ n ^ n := by
  induction n with
  | zero => decide
  | succ n ih =>
    rw [factorial_succ, Nat.pow_succ, Nat.mul_comm]
    exact Nat.mul_le_mul_right _ (Nat.le_trans ih (Nat.pow_le_pow_left (Nat.le_succ n) n))

end Numbers
