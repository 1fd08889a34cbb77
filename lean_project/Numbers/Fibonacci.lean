module

public import Numbers.Binomial

/-!
# Fibonacci numbers

The rabbits of Leonardo of Pisa: their sums, the addition rule and what follows from it (doubling, divisibility,
coprime neighbours), Cassini's identity, and Pascal's triangle read along its shallow diagonals.
-/

@[expose] public section

namespace Numbers

/-- The Fibonacci numbers `0, 1, 1, 2, 3, 5, …`. -/
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

/-- Each Fibonacci number from the second on is the sum of the two before it. -/
theorem fib_add_two (n : Nat) : fib (n + 2) = fib n + fib (n + 1) := by
  rfl

/-- From the first on, Fibonacci numbers are positive. -/
theorem fib_pos (n : Nat) : 0 < fib (n + 1) := by
  induction n with
  | zero => decide
  | succ n ih => rw [fib_add_two]; omega

/-- Fibonacci numbers never decrease. -/
theorem fib_le_fib_succ (n : Nat) : fib n ≤ fib (n + 1) := by
  cases n with
  | zero => decide
  | succ n => rw [fib_add_two]; omega

/-- Fibonacci numbers stay below the powers of two. -/
theorem fib_lt_two_pow (n : Nat) : fib n < 2 ^ n := by
  sorry

/-- The sum of the first Fibonacci numbers is one less than a Fibonacci number. -/
theorem sum_fib (n : Nat) : sum fib n + 1 = fib (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sum_succ, fib_add_two]; omega

/-- The Fibonacci numbers with odd index add up to one with even index. -/
theorem sum_fib_odd (n : Nat) : sum (fun i => fib (2 * i + 1)) n = fib (2 * n) := by
  sorry

/-- Squares with Fibonacci sides tile a rectangle with Fibonacci sides. -/
theorem sum_fib_sq (n : Nat) : sum (fun i => fib i ^ 2) (n + 1) = fib n * fib (n + 1) := by
  sorry

/-- The addition rule. -/
theorem fib_add (m n : Nat) : fib (m + n + 1) = fib m * fib n + fib (m + 1) * fib (n + 1) := by
  sorry

/-- The doubling rule for odd indices. -/
theorem fib_two_mul_add_one (n : Nat) : fib (2 * n + 1) = fib n ^ 2 + fib (n + 1) ^ 2 := by
  sorry

/-- The doubling rule for even indices. -/
theorem fib_two_mul_add_two (n : Nat) :
    fib (2 * n + 2) = fib (n + 1) * (2 * fib n + fib (n + 1)) := by
  sorry

/-- Neighbouring Fibonacci numbers have no common divisor but one. -/
theorem coprime_fib_succ (n : Nat) : Nat.Coprime (fib n) (fib (n + 1)) := by
  sorry

/-- A Fibonacci number divides those whose index is a multiple of its own. -/
theorem fib_dvd_fib_mul (m n : Nat) : fib m ∣ fib (m * n) := by
  sorry

/-- Every third Fibonacci number is even. -/
theorem two_dvd_fib (n : Nat) : 2 ∣ fib (3 * n) := by
  sorry

/-- Cassini's identity: the square on a Fibonacci number misses the rectangle on its neighbours by one. -/
theorem cassini (n : Nat) :
    (fib n : Int) * fib (n + 2) - (fib (n + 1) : Int) ^ 2 = (-1) ^ (n + 1) := by
  sorry

/-- The shallow diagonals of Pascal's triangle add up to Fibonacci numbers. -/
theorem sum_choose_diagonal (n : Nat) : sum (fun k => choose (n - k) k) (n + 1) = fib (n + 1) := by
  sorry

end Numbers
