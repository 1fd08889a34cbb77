module

public import Numbers.Sum

/-!
# Powers and geometric sums

How fast do powers grow? Geometric sums answer with equations, Bernoulli's inequality with a bound.
-/

@[expose] public section

namespace Numbers

/-- The sum `1 + x + x² + ⋯ + xⁿ⁻¹` of the first `n` powers of `x`. -/
def geometric (x n : Nat) : Nat :=
  sum (fun i => x ^ i) n

/-- One more term of a geometric sum. -/
theorem geometric_succ (x n : Nat) : geometric x (n + 1) = geometric x n + x ^ n := by
  rfl

/-- The powers of two below `2ⁿ` add up to one less than `2ⁿ`. -/
theorem geometric_two (n : Nat) : geometric 2 n + 1 = 2 ^ n := by
  sorry

/-- The geometric sum in closed form, for the base `x + 1` so that nothing is subtracted. -/
theorem mul_geometric (x n : Nat) : x * geometric (x + 1) n + 1 = (x + 1) ^ n := by
  sorry

/-- Horner's rule: a geometric sum can be built from its other end. -/
theorem geometric_succ_first (x n : Nat) : geometric x (n + 1) = 1 + x * geometric x n := by
  sorry

/-- A geometric sum with `m + n` terms is cut after the first `m`. -/
theorem geometric_add (x m n : Nat) :
    geometric x (m + n) = geometric x m + x ^ m * geometric x n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [← Nat.add_assoc, geometric_succ, ih, geometric_succ]; grind

/-- A number is smaller than its power of two: there are more subsets than elements. -/
theorem lt_two_pow (n : Nat) : n < 2 ^ n := by
  sorry

/-- Bernoulli's inequality. -/
theorem bernoulli (x n : Nat) : 1 + n * x ≤ (1 + x) ^ n := by
  induction n with
  | zero => simp
  | succ n ih =>
    have h : (1 + n * x) * (1 + x) ≤ (1 + x) ^ n * (1 + x) := Nat.mul_le_mul_right _ ih
    have h' : (1 + n * x) * (1 + x) = 1 + (n + 1) * x + n * (x * x) := by grind
    rw [Nat.pow_succ]
    omega

/-- From four on, the square of a number is at most its power of two. -/
theorem sq_le_two_pow (n : Nat) (h : 4 ≤ n) : n ^ 2 ≤ 2 ^ n := by
  induction n with
  | zero => omega
  | succ n ih =>
    by_cases h4 : n = 3
    · subst h4; decide
    · have hn := ih (by omega)
      have h5 : 4 * n ≤ n * n := Nat.mul_le_mul_right n (by omega)
      rw [Nat.pow_succ 2]
      have h6 : (n + 1) ^ 2 = n * n + 2 * n + 1 := by grind
      have h7 : n ^ 2 = n * n := by grind
      omega

/-- The sum of the numbers `i · 2ⁱ`, in closed form. -/
theorem sum_mul_two_pow (n : Nat) :
    sum (fun i => i * 2 ^ i) (n + 1) + 2 ^ (n + 1) = n * 2 ^ (n + 1) + 2 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sum_succ, Nat.pow_succ 2 (n + 1)]; grind

end Numbers
