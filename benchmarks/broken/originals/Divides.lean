/-!
# Divisibility

Remainders, divisors, common divisors and powers.
-/

namespace Divides

/-- A square leaves the remainder zero or one by four. -/
theorem sq_mod_four (n : Nat) : n * n % 4 = 0 ∨ n * n % 4 = 1 := by
  rcases Nat.mod_two_eq_zero_or_one n with h | h
  · left
    obtain ⟨k, hk⟩ : ∃ k, n = 2 * k := ⟨n / 2, by omega⟩
    have hsq : n * n = 4 * (k * k) := by subst hk; grind
    omega
  · right
    obtain ⟨k, hk⟩ : ∃ k, n = 2 * k + 1 := ⟨n / 2, by omega⟩
    have hsq : n * n = 4 * (k * k + k) + 1 := by subst hk; grind
    omega

/-- A sum of two squares never leaves the remainder three by four. -/
theorem sum_sq_mod_four (a b : Nat) : (a * a + b * b) % 4 ≠ 3 := by
  intro h
  have ha := sq_mod_four a
  have hb := sq_mod_four b
  rcases ha with ha | ha
  · rcases hb with hb | hb
    · omega
    · omega
  · rcases hb with hb | hb
    · omega
    · omega

/-- A power of four is one more than a multiple of three. -/
theorem pow_four (n : Nat) : ∃ k, 4 ^ n = 3 * k + 1 := by
  induction n with
  | zero => exact ⟨0, rfl⟩
  | succ n ih =>
    obtain ⟨k, hk⟩ := ih
    refine ⟨4 * k + 1, ?_⟩
    rw [Nat.pow_succ, hk]
    omega

/-- Eight divides what a square of an odd number is more than one. -/
theorem eight_dvd_odd_sq (k : Nat) : 8 ∣ (2 * k + 1) * (2 * k + 1) - 1 := by
  have h : ∃ m, k * (k + 1) = 2 * m := by
    induction k with
    | zero => exact ⟨0, rfl⟩
    | succ k ih =>
      obtain ⟨m, hm⟩ := ih
      exact ⟨m + k + 1, by grind⟩
  obtain ⟨m, hm⟩ := h
  refine ⟨m, ?_⟩
  have hexp : (2 * k + 1) * (2 * k + 1) = 4 * (k * (k + 1)) + 1 := by grind
  omega

/-- Six divides every product of three neighbours. -/
theorem six_dvd_three_neighbours (n : Nat) : 6 ∣ n * (n + 1) * (n + 2) := by
  have htwo : ∀ m, ∃ k, m * (m + 1) = 2 * k := by
    intro m
    induction m with
    | zero => exact ⟨0, rfl⟩
    | succ m ih =>
      obtain ⟨k, hk⟩ := ih
      exact ⟨k + m + 1, by grind⟩
  induction n with
  | zero => exact ⟨0, rfl⟩
  | succ n ih =>
    obtain ⟨a, ha⟩ := ih
    obtain ⟨b, hb⟩ := htwo (n + 1)
    refine ⟨a + b, ?_⟩
    grind

/-- A divisor of two neighbours is one. -/
theorem dvd_neighbours (d n : Nat) (h : d ∣ n) (h' : d ∣ n + 1) : d = 1 := by
  have hone : d ∣ 1 := (Nat.dvd_add_right h).mp h'
  exact Nat.dvd_one.mp hone

/-- A power of a divisor divides the power. -/
theorem pow_dvd_pow_of_dvd (a b n : Nat) (h : a ∣ b) : a ^ n ∣ b ^ n := by
  induction n with
  | zero => exact Nat.dvd_refl 1
  | succ n ih =>
    rw [Nat.pow_succ, Nat.pow_succ]
    exact Nat.mul_dvd_mul ih h

/-- The difference of the bases divides the difference of the powers. -/
theorem sub_dvd_pow_sub_pow (a b n : Nat) (h : b ≤ a) : a - b ∣ a ^ n - b ^ n := by
  induction n with
  | zero => simp
  | succ n ih =>
    obtain ⟨k, hk⟩ := ih
    have hle : b ^ n ≤ a ^ n := Nat.pow_le_pow_left h n
    obtain ⟨d, rfl⟩ : ∃ d, a = b + d := ⟨a - b, by omega⟩
    have hpow : (b + d) ^ n = b ^ n + d * k := by
      rw [Nat.add_sub_cancel_left] at hk
      omega
    refine ⟨b ^ n + b * k + d * k, ?_⟩
    rw [Nat.add_sub_cancel_left, Nat.pow_succ, Nat.pow_succ, hpow]
    have hexp : (b ^ n + d * k) * (b + d) = b ^ n * b + d * (b ^ n + b * k + d * k) := by grind
    omega

/-- The greatest common divisor does not change when a multiple of one number is added to the other. -/
theorem gcd_add_mul (a b k : Nat) : Nat.gcd a (b + a * k) = Nat.gcd a b := by
  induction k with
  | zero => simp
  | succ k ih =>
    rw [Nat.mul_succ, ← Nat.add_assoc, Nat.gcd_add_self_right]
    exact ih

/-- What divides two numbers divides every combination of them. -/
theorem dvd_combination (d a b x y : Nat) (ha : d ∣ a) (hb : d ∣ b) : d ∣ x * a + y * b := by
  obtain ⟨m, rfl⟩ := ha
  obtain ⟨n, rfl⟩ := hb
  refine ⟨x * m + y * n, ?_⟩
  rw [Nat.mul_add, Nat.mul_left_comm x d m, Nat.mul_left_comm y d n]

/-- Numbers whose product is one are one. -/
theorem mul_eq_one_left (a b : Nat) (h : a * b = 1) : a = 1 ∧ b = 1 := by
  have ha : a ∣ 1 := ⟨b, h.symm⟩
  have hb : b ∣ 1 := ⟨a, by rw [Nat.mul_comm b a, h]⟩
  constructor
  · exact Nat.dvd_one.mp ha
  · exact Nat.dvd_one.mp hb

/-- A proper divisor is at most half. -/
theorem proper_dvd_le_half (d n : Nat) (hn : 0 < n) (h : d ∣ n) (hne : d ≠ n) : 2 * d ≤ n := by
  obtain ⟨k, hk⟩ := h
  match k with
  | 0 => omega
  | 1 => omega
  | k + 2 =>
    have hmul : d * 2 ≤ d * (k + 2) := Nat.mul_le_mul_left d (by omega)
    omega

/-- Seven divides `8 ^ n - 1`, and so on for all bases. -/
theorem pred_dvd_pow_pred (b n : Nat) : b ∣ (b + 1) ^ n - 1 := by
  induction n with
  | zero => simp
  | succ n ih =>
    obtain ⟨k, hk⟩ := ih
    have hpos : 0 < (b + 1) ^ n := Nat.pow_pos (by omega)
    refine ⟨(b + 1) * k + 1, ?_⟩
    have hpow : (b + 1) ^ n = b * k + 1 := by omega
    rw [Nat.pow_succ, hpow]
    have hexp : (b * k + 1) * (b + 1) = b * ((b + 1) * k + 1) + 1 := by grind
    omega

end Divides
