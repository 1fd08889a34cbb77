module

public import Numbers.Factorial
public import Numbers.Parity

/-!
# Prime numbers

Primes are the numbers with no divisors to spare. Euclid's two theorems, that a prime which divides a product divides a
factor and that there is always another prime, and what they say about powers and factorials.
-/

@[expose] public section

namespace Numbers

/-- A number from two on is prime if one and itself are its only divisors. -/
def Prime (p : Nat) : Prop :=
  2 ≤ p ∧ ∀ d, d ∣ p → d = 1 ∨ d = p

/-- Two is prime. -/
theorem prime_two : Prime 2 := by
  refine ⟨by omega, fun d hd => ?_⟩
  have h₁ := Nat.le_of_dvd (by omega) hd
  have h₂ := Nat.pos_of_dvd_of_pos hd (by omega)
  omega

/-- A prime is positive. -/
theorem prime_pos (p : Nat) (hp : Prime p) : 0 < p := by
  have := hp.1
  omega

/-- A product of two numbers from two on is not prime. -/
theorem not_prime_mul (a b : Nat) (ha : 2 ≤ a) (hb : 2 ≤ b) : ¬Prime (a * b) := by
  intro h
  rcases h.2 a (Nat.dvd_mul_right a b) with h₁ | h₁
  · omega
  · have h₂ : a * 2 ≤ a * b := Nat.mul_le_mul_left a hb
    omega

/-- The only even prime is two. -/
theorem prime_eq_two_or_odd (p : Nat) (hp : Prime p) : p = 2 ∨ Odd p := by
  rw [odd_iff]
  by_cases h : p % 2 = 1
  · exact Or.inr h
  · have := hp.2 2 (Nat.dvd_of_mod_eq_zero (by omega))
    omega

/-- A number divides no positive number below it. -/
theorem not_dvd_of_lt (p k : Nat) (hk : 0 < k) (hp : k < p) : ¬p ∣ k := by
  intro h
  have := Nat.le_of_dvd hk h
  omega

/-- A prime has no divisor but one in common with a number that it does not divide. -/
theorem coprime_of_not_dvd (p a : Nat) (hp : Prime p) (h : ¬p ∣ a) : Nat.Coprime p a := by
  rcases hp.2 _ (Nat.gcd_dvd_left p a) with h₁ | h₁
  · exact h₁
  · exact absurd (h₁ ▸ Nat.gcd_dvd_right p a) h

/-- Euclid's lemma: a prime that divides a product divides one of its factors. -/
theorem euclid_lemma (p a b : Nat) (hp : Prime p) (h : p ∣ a * b) : p ∣ a ∨ p ∣ b := by
  by_cases ha : p ∣ a
  · exact Or.inl ha
  · exact Or.inr (Nat.Coprime.dvd_of_dvd_mul_left (coprime_of_not_dvd p a hp ha) h)

/-- A prime that divides a power divides its base. -/
theorem prime_dvd_of_dvd_pow (p a n : Nat) (hp : Prime p) (h : p ∣ a ^ n) : p ∣ a := by
  sorry

/-- A prime that divides a factorial is one of its factors. -/
theorem le_of_prime_dvd_factorial (p n : Nat) (hp : Prime p) (h : p ∣ factorial n) : p ≤ n := by
  induction n with
  | zero =>
    have h₁ := Nat.le_of_dvd (by decide) h
    have h₂ := hp.1
    simp [factorial] at h₁
    omega
  | succ n ih =>
    rw [factorial_succ] at h
    rcases euclid_lemma p _ _ hp h with h | h
    · exact Nat.le_of_dvd (by omega) h
    · have := ih h
      omega

/-- A prime divides the factorial of `n` exactly when it is at most `n`. -/
theorem prime_dvd_factorial_iff (p n : Nat) (hp : Prime p) : p ∣ factorial n ↔ p ≤ n := by
  sorry

/-- Every number from two on has a prime divisor. -/
theorem exists_prime_dvd (n : Nat) (h : 2 ≤ n) : ∃ p, Prime p ∧ p ∣ n := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    by_cases hn : Prime n
    · exact ⟨n, hn, Nat.dvd_refl n⟩
    · have : ∃ d, d ∣ n ∧ d ≠ 1 ∧ d ≠ n := by
        apply Classical.byContradiction
        intro hd
        exact hn ⟨h, fun d hdn => by grind⟩
      obtain ⟨d, hdn, h₁, h₂⟩ := this
      have hle := Nat.le_of_dvd (by omega) hdn
      have hpos := Nat.pos_of_dvd_of_pos hdn (by omega)
      obtain ⟨p, hp, hpd⟩ := ih d (by omega) (by omega)
      exact ⟨p, hp, Nat.dvd_trans hpd hdn⟩

/-- Euclid: beyond every number there is a prime. -/
theorem exists_prime_gt (n : Nat) : ∃ p, n < p ∧ Prime p := by
  sorry

end Numbers
