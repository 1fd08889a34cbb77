/-!
# Arithmetic

Identities and inequalities between natural numbers and between integers.
-/

namespace Arith

/-- The sum of the first numbers by Gauss, without division. -/
def upto : Nat → Nat
  | 0 => 0
  | n + 1 => upto n + (n + 1)

/-- A sum of products of neighbours. -/
def pairs : Nat → Nat
  | 0 => 0
  | n + 1 => pairs n + (n + 1) * (n + 2)

/-- A power by repeated squaring. -/
def power (b n : Nat) : Nat :=
  if n = 0 then 1
  else if n % 2 = 0 then power (b * b) (n / 2)
  else b * power (b * b) (n / 2)
termination_by n

/-- Steps of one until the goal is reached, with an accumulator. -/
def addSlow : Nat → Nat → Nat
  | 0, acc => acc
  | n + 1, acc => addSlow n (acc + 1)

/-- The greatest value of a function on the numbers below `n`. -/
def maxBelow (f : Nat → Nat) : Nat → Nat
  | 0 => 0
  | n + 1 => max (maxBelow f n) (f n)

/-- Gauss. -/
theorem upto_eq (n : Nat) : upto n = n * (n + 1) / 2 := by
  have h : 2 * upto n = n * (n + 1) := by
    induction n with
    | zero => rfl
    | succ n ih =>
      rw [upto, Nat.mul_add, ih]
      grind
  omega

/-- Three times the sum of the products of neighbours. -/
theorem three_mul_pairs (n : Nat) : 3 * pairs n = n * (n + 1) * (n + 2) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [pairs, Nat.mul_add, ih]
    grind

/-- Adding step by step adds. -/
theorem addSlow_eq (m n : Nat) : addSlow m n = m + n := by
  induction m generalizing n with
  | zero => simp [addSlow]
  | succ m ih =>
    rw [addSlow, ih]
    omega

/-- Repeated squaring gives the power. -/
theorem power_eq (b n : Nat) : power b n = b ^ n := by
  induction n using Nat.strongRecOn generalizing b with
  | _ n ih =>
    rw [power]
    by_cases h0 : n = 0
    · simp [h0]
    · rw [if_neg h0]
      have hlt : n / 2 < n := by omega
      have hsq : (b * b) ^ (n / 2) = b ^ (2 * (n / 2)) := by
        rw [Nat.pow_mul, Nat.pow_two]
      by_cases h2 : n % 2 = 0
      · rw [if_pos h2, ih (n / 2) hlt, hsq]
        have heq : 2 * (n / 2) = n := by omega
        rw [heq]
      · rw [if_neg h2, ih (n / 2) hlt, hsq]
        have heq : n = 2 * (n / 2) + 1 := by omega
        calc
          b * b ^ (2 * (n / 2)) = b ^ (2 * (n / 2) + 1) := by rw [Nat.pow_succ, Nat.mul_comm]
          _ = b ^ n := by rw [← heq]

/-- Every value below is at most the greatest. -/
theorem le_maxBelow (f : Nat → Nat) (n i : Nat) (h : i < n) : f i ≤ maxBelow f n := by
  induction n with
  | zero => exact absurd h (Nat.not_lt_zero i)
  | succ n ih =>
    rw [maxBelow]
    rcases Nat.lt_or_ge i n with hi | hi
    · exact Nat.le_trans (ih hi) (Nat.le_max_left _ _)
    · have heq : i = n := by omega
      rw [heq]
      exact Nat.le_max_right _ _

/-- The greatest value is taken somewhere. -/
theorem exists_eq_maxBelow (f : Nat → Nat) (n : Nat) (h : 0 < n) : ∃ i, i < n ∧ (f i = maxBelow f n) := by
  induction n with
  | zero => omega
  | succ n ih =>
    rw [maxBelow]
    by_cases hn : n = 0
    · refine ⟨0, by omega, ?_⟩
      subst hn
      simp [maxBelow]
    · obtain ⟨i, hi, hmax⟩ := ih (by omega)
      rcases Nat.le_total (maxBelow f n) (f n) with hle | hle
      · exact ⟨n, by omega, (Nat.max_eq_right hle).symm⟩
      · exact ⟨i, by omega, by rw [Nat.max_eq_left hle, hmax]⟩

/-- The arithmetic mean is at least the geometric one, for two numbers. -/
theorem four_mul_le_sq (a b : Nat) : 4 * (a * b) ≤ (a + b) * (a + b) := by
  rcases Nat.le_total a b with h | h
  · obtain ⟨d, rfl⟩ := Nat.exists_eq_add_of_le h
    have hexp : (a + (a + d)) * (a + (a + d)) = 4 * (a * (a + d)) + d * d := by grind
    omega
  · obtain ⟨d, rfl⟩ := Nat.exists_eq_add_of_le h
    have hexp : (b + d + b) * (b + d + b) = 4 * ((b + d) * b) + d * d := by grind
    omega

/-- A square of an integer is not negative. -/
theorem sq_nonneg (a : Int) : 0 ≤ a * a := by
  rcases Int.le_total 0 a with h | h
  · exact Int.mul_nonneg h h
  · have hneg : 0 ≤ -a := by omega
    have hmul := Int.mul_nonneg hneg hneg
    rw [Int.neg_mul_neg] at hmul
    exact hmul

/-- Twice a product of integers is at most the sum of the squares. -/
theorem two_mul_le_add_sq (a b : Int) : 2 * (a * b) ≤ a * a + b * b := by
  have h := sq_nonneg (a - b)
  have hexp : (a - b) * (a - b) = a * a + b * b - 2 * (a * b) := by grind
  omega

/-- The square of a sum of three integers is at most three times the sum of the squares. -/
theorem sq_sum_three (a b c : Int) : (a + b + c) * (a + b + c) ≤ 3 * (a * a + b * b + c * c) := by
  have hab := two_mul_le_add_sq a b
  have hbc := two_mul_le_add_sq b c
  have hca := two_mul_le_add_sq c a
  have hexp : (a + b + c) * (a + b + c) =
      a * a + b * b + c * c + 2 * (a * b) + 2 * (b * c) + 2 * (c * a) := by
    grind
  omega

/-- Cauchy and Schwarz, for two pairs of integers. -/
theorem cauchy_schwarz (a b c d : Int) :
    (a * c + b * d) * (a * c + b * d) ≤ (a * a + b * b) * (c * c + d * d) := by
  have h := sq_nonneg (a * d - b * c)
  have hlagrange : (a * a + b * b) * (c * c + d * d) =
      (a * c + b * d) * (a * c + b * d) + (a * d - b * c) * (a * d - b * c) := by
    grind
  rw [hlagrange]
  omega

/-- Only zeros have squares that add up to zero. -/
theorem sum_sq_eq_zero (a b : Int) (h : a * a + b * b = 0) : a = 0 ∧ b = 0 := by
  have ha := sq_nonneg a
  have hb := sq_nonneg b
  have ha0 : a * a = 0 := by omega
  have hb0 : b * b = 0 := by omega
  constructor
  · rcases Int.mul_eq_zero.mp ha0 with h | h
    · exact h
    · exact h
  · rcases Int.mul_eq_zero.mp hb0 with h | h
    · exact h
    · exact h

/-- Cubes grow more slowly than powers of three, from four on. -/
theorem cube_le_three_pow (n : Nat) (h : 3 ≤ n) : n ^ 3 ≤ 3 ^ n := by
  induction n with
  | zero => omega
  | succ n ih =>
    by_cases h3 : n + 1 = 3
    · rw [h3]
      decide
    · have hle := ih (by omega)
      obtain ⟨m, rfl⟩ : ∃ m, n = m + 3 := ⟨n - 3, by omega⟩
      have hstep : (m + 3 + 1) ^ 3 ≤ (m + 3) ^ 3 * 3 := by
        have hexp : (m + 3) ^ 3 * 3 = (m + 3 + 1) ^ 3 + (2 * m ^ 3 + 15 * m ^ 2 + 33 * m + 17) := by grind
        omega
      rw [Nat.pow_succ 3]
      exact Nat.le_trans hstep (Nat.mul_le_mul_right 3 hle)

/-- A function that only grows is at least as large as its argument. -/
theorem le_of_strictly_growing (f : Nat → Nat) (h : ∀ n, f n < f (n + 1)) (n : Nat) : n ≤ f n := by
  induction n with
  | zero => exact Nat.zero_le _
  | succ n ih =>
    have hn := h n
    exact Nat.succ_le_of_lt (Nat.lt_of_le_of_lt ih hn)

/-- A function that does not fall from step to step does not fall at all. -/
theorem monotone_of_step (f : Nat → Nat) (h : ∀ n, f n ≤ f (n + 1)) (m n : Nat) (hmn : m ≤ n) : f m ≤ f n := by
  obtain ⟨k, rfl⟩ := Nat.exists_eq_add_of_le hmn
  clear hmn
  induction k with
  | zero => exact Nat.le_refl _
  | succ k ih =>
    calc
      f m ≤ f (m + k) := ih
      _ ≤ f (m + k + 1) := h (m + k)

/-- An additive function is multiplication by its value at one. -/
theorem additive_eq_mul (f : Nat → Nat) (h : ∀ a b, f (a + b) = f a + f b) (n : Nat) : f n = n * f 1 := by
  induction n with
  | zero =>
    have h0 := h 0 0
    simp at h0
    omega
  | succ n ih =>
    rw [h n 1, ih, Nat.succ_mul]

/-- There is no sequence of natural numbers that falls for ever. -/
theorem no_infinite_descent (f : Nat → Nat) : ¬∀ n, f (n + 1) < f n := by
  intro h
  have hbound : ∀ n, f n + n ≤ f 0 := by
    intro n
    induction n with
    | zero => exact Nat.le_refl _
    | succ n ih =>
      have hn := h n
      omega
  have hlast := hbound (f 0 + 1)
  omega

end Arith
