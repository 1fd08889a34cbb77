/-!
# Strong induction and recursion

Numbers as sums of others, recursive sequences, games, and what exists.
-/

noncomputable section

namespace Strong

/-- A sequence in which each term is made of the two before it. -/
def lucas : Nat → Nat
  | 0 => 2
  | 1 => 1
  | n + 2 => lucas (n + 1) + lucas n

/-- `5 ^ n - 3 ^ n`, by its recursion. -/
def gap : Nat → Nat
  | 0 => 0
  | 1 => 2
  | n + 2 => 8 * gap (n + 1) - 15 * gap n

/-- The digits of a number in the base two, the last one first. -/
def bits (n : Nat) : List Nat :=
  if n = 0 then [] else n % 2 :: bits (n / 2)
termination_by n

/-- The number with these digits. -/
def value : List Nat → Nat
  | [] => 0
  | b :: bs => b + 2 * value bs

/-- How many halvings lead to zero. -/
def halvings (n : Nat) : Nat :=
  if n = 0 then 0 else halvings (n / 2) + 1
termination_by n

/-- Every amount from eight on can be paid with coins of three and five. -/
theorem coins (n : Nat) (h : 8 ≤ n) : ∃ a b, n = 3 * a + 5 * b := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    by_cases h8 : n = 8
    · exact ⟨1, 1, by omega⟩
    · by_cases h9 : n = 9
      · exact ⟨3, 0, by omega⟩
      · by_cases h10 : n = 10
        · exact ⟨0, 2, by omega⟩
        · obtain ⟨a, b, hab⟩ := ih (n - 3) (by omega) (by omega)
          exact ⟨a + 1, b, by omega⟩

/-- Every positive number is a power of two times an odd number. -/
theorem two_pow_mul_odd (n : Nat) (h : 0 < n) : ∃ k m, n = 2 ^ k * (2 * m + 1) := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    rcases Nat.mod_two_eq_zero_or_one n with h2 | h2
    · obtain ⟨k, m, hkm⟩ := ih (n / 2) (by omega) (by omega)
      refine ⟨k + 1, m, ?_⟩
      rw [Nat.pow_succ, Nat.mul_right_comm, ← hkm]
      omega
    · refine ⟨0, n / 2, ?_⟩
      rw [Nat.pow_zero, Nat.one_mul]
      omega

/-- The digits have the number as their value. -/
theorem value_bits (n : Nat) : value (bits n) = n := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    rw [bits]
    by_cases h : n = 0
    · simp [h, value]
    · rw [if_neg h, value, ih (n / 2) (by omega)]
      omega

/-- Every digit in the base two is less than two. -/
theorem bits_lt_two (n b : Nat) (h : b ∈ bits n) : b < 2 := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    rw [bits] at h
    by_cases h0 : n = 0
    · simp [h0] at h
    · rw [if_neg h0] at h
      rcases List.mem_cons.mp h with hb | hb
      · rw [hb]
        exact Nat.mod_lt n (by decide)
      · exact ih (n / 2) (by omega) hb

/-- A number is below two to the number of its halvings. -/
theorem lt_two_pow_halvings (n : Nat) : n < 2 ^ halvings n := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    rw [halvings]
    by_cases h : n = 0
    · simp [h]
    · rw [if_neg h, Nat.pow_succ]
      have hhalf := ih (n / 2) (by omega)
      omega

/-- A number has as many digits as it has halvings. -/
theorem length_bits (n : Nat) : (bits n).length = halvings n := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    rw [bits, halvings]
    split
    · rfl
    · rw [List.length_cons, ih (n / 2) (by omega)]

/-- Lucas numbers are positive. -/
theorem lucas_pos : ∀ n, 0 < lucas n
  | 0 => by decide
  | 1 => by decide
  | n + 2 => by
    have h := lucas_pos n
    rw [lucas]
    omega

/-- Lucas numbers stay below twice the power of two. -/
theorem lucas_le (n : Nat) : lucas n ≤ 2 * 2 ^ n := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    match n with
    | 0 => decide
    | 1 => decide
    | n + 2 =>
      have h₁ := ih (n + 1) (by omega)
      have h₂ := ih n (by omega)
      rw [lucas, Nat.pow_succ, Nat.pow_succ]
      rw [Nat.pow_succ] at h₁
      omega

/-- A recursion with a closed form: `gap n + 3 ^ n = 5 ^ n`. -/
theorem gap_add (n : Nat) : gap n + 3 ^ n = 5 ^ n := by
  have hboth : gap n + 3 ^ n = 5 ^ n ∧ gap (n + 1) + 3 ^ (n + 1) = 5 ^ (n + 1) := by
    induction n with
    | zero => exact ⟨rfl, rfl⟩
    | succ n ih =>
      obtain ⟨h₁, h₂⟩ := ih
      refine ⟨h₂, ?_⟩
      rw [gap]
      rw [Nat.pow_succ] at h₂
      rw [Nat.pow_succ, Nat.pow_succ, Nat.pow_succ 5, Nat.pow_succ 5]
      omega
  exact hboth.1

/-- A predicate that is true somewhere is true at a least place. -/
theorem exists_least (p : Nat → Prop) (n : Nat) (h : p n) : ∃ m, p m ∧ ∀ k, k < m → ¬p k := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    by_cases hk : ∃ k, k < n ∧ p k
    · obtain ⟨k, hlt, hpk⟩ := hk
      exact ih k hlt hpk
    · refine ⟨n, h, ?_⟩
      intro k hlt hpk
      exact hk ⟨k, hlt, hpk⟩

/-- What is true of zero and goes on by two steps and by three is true from two on. -/
theorem two_and_three_steps (p : Nat → Prop) (h0 : p 0) (h2 : ∀ n, p n → p (n + 2))
    (h3 : ∀ n, p n → p (n + 3)) (n : Nat) (hn : 2 ≤ n) : p n := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    match n with
    | 2 => exact h2 0 h0
    | 3 => exact h3 0 h0
    | n + 4 =>
      have hp := ih (n + 2) (by omega) (by omega)
      exact h2 (n + 2) hp

/-- Division with remainder exists, by taking away again and again. -/
theorem exists_quotient (a b : Nat) (hb : 0 < b) : ∃ q r, a = b * q + r ∧ r < b := by
  induction a using Nat.strongRecOn with
  | _ a ih =>
    by_cases h : a < b
    · exact ⟨0, a, by omega, h⟩
    · obtain ⟨q, r, heq, hr⟩ := ih (a - b) (by omega)
      refine ⟨q + 1, r, ?_, hr⟩
      rw [Nat.mul_succ]
      omega

/-- A function that grows with each of its first `n` steps has grown by at least `n`. -/
theorem add_le_of_growing (f : Nat → Nat) (n : Nat) (h : ∀ i, i < n → f i < f (i + 1)) : f 0 + n ≤ f n := by
  induction n with
  | zero => exact Nat.le_refl _
  | succ n ih =>
    have hle : f 0 + n ≤ f n := by
      apply ih
      intro i hi
      exact h i (by omega)
    have hlast := h n (by omega)
    omega

/-- Between two numbers of which one has a property and the other has not, the property is lost in one step. -/
theorem exists_step (p : Nat → Prop) (a n : Nat) (ha : p a) (hn : ¬p (a + n)) : ∃ k, p k ∧ ¬p (k + 1) := by
  induction n with
  | zero => exact absurd ha hn
  | succ n ih =>
    by_cases h : p (a + n)
    · exact ⟨a + n, h, hn⟩
    · exact ih h

end Strong
