/-!
# Core, level 5: a witness for every statement

The definitions and statements are those of the suite, word by word; what is not in the suite is an auxiliary lemma.
`NAME.disproof` is the negation of the statement `NAME`.
-/

namespace Core

/-! ## Arithmetic -/

/-- A sum of two squares. -/
def TwoSquares (n : Nat) : Prop := ∃ a b, n = a ^ 2 + b ^ 2

theorem three_neighbours_of_two_squares (m : Nat) :
    ∃ n, m ≤ n ∧ TwoSquares n ∧ TwoSquares (n + 1) ∧ TwoSquares (n + 2) := by
  have h : m ≤ m * m := by cases m with
    | zero => simp
    | succ m => exact Nat.le_mul_of_pos_left _ (by omega)
  refine ⟨4 * m ^ 4 + 4 * m ^ 2, by grind, ⟨2 * m ^ 2, 2 * m, ?_⟩,
    ⟨2 * m ^ 2 + 1, 0, ?_⟩, ⟨2 * m ^ 2 + 1, 1, ?_⟩⟩ <;> grind

/-- A number from 2 on that only 1 and itself divide. -/
def IsPrime (p : Nat) : Prop := 2 ≤ p ∧ ∀ d, d ∣ p → d = 1 ∨ d = p

theorem fourth_power_and_four_is_composite (n : Nat) (h : 2 ≤ n) : ¬ IsPrime (n ^ 4 + 4) := by
  obtain ⟨m, rfl⟩ := Nat.le.dest h
  intro p
  have e : (2 + m) ^ 4 + 4 = (m ^ 2 + 2 * m + 2) * (m ^ 2 + 6 * m + 10) := by grind
  rcases p.2 (m ^ 2 + 2 * m + 2) ⟨_, e⟩ with q | q
  · omega
  · rw [e] at q
    have : (m ^ 2 + 2 * m + 2) * 2 ≤ (m ^ 2 + 2 * m + 2) * (m ^ 2 + 6 * m + 10) := Nat.mul_le_mul_left _ (by omega)
    omega

theorem square_mod_three (x : Nat) : (x ^ 2) % 3 = 0 ∧ x % 3 = 0 ∨ (x ^ 2) % 3 = 1 := by
  have : x % 3 < 3 := Nat.mod_lt _ (by decide)
  have e : x ^ 2 % 3 = (x % 3) ^ 2 % 3 := Nat.pow_mod ..
  rw [e]
  rcases (by omega : x % 3 = 0 ∨ x % 3 = 1 ∨ x % 3 = 2) with h | h | h <;> simp [h]

theorem three_times_a_square_is_no_sum_of_two (x y z : Nat) (h : x ^ 2 + y ^ 2 = 3 * z ^ 2) :
    z = 0 := by
  induction z using Nat.strongRecOn generalizing x y with
  | ind z ih =>
    have hx := square_mod_three x
    have hy := square_mod_three y
    obtain ⟨a, rfl⟩ : 3 ∣ x := by omega
    obtain ⟨b, rfl⟩ : 3 ∣ y := by omega
    have hz := square_mod_three z
    obtain ⟨c, rfl⟩ : 3 ∣ z := by grind
    rcases Nat.eq_zero_or_pos c with p | p
    · simp [p]
    · have := ih c (by omega) a b (by grind)
      omega

theorem three_cubes_leave_no_four (a b c : Int) : (a ^ 3 + b ^ 3 + c ^ 3) % 9 ≠ 4 := by
  have cube : ∀ x : Int, x ^ 3 % 9 = 0 ∨ x ^ 3 % 9 = 1 ∨ x ^ 3 % 9 = 8 := by
    intro x
    have e : x = 3 * (x / 3) + x % 3 := by omega
    rcases (by omega : x % 3 = 0 ∨ x % 3 = 1 ∨ x % 3 = 2) with h | h | h <;> rw [h] at e <;>
      generalize x / 3 = k at e <;> subst e
    · left; have : (3 * k + 0) ^ 3 = 9 * (3 * k ^ 3) := by grind
      omega
    · right; left; have : (3 * k + 1) ^ 3 = 9 * (3 * k ^ 3 + 3 * k ^ 2 + k) + 1 := by grind
      omega
    · right; right; have : (3 * k + 2) ^ 3 = 9 * (3 * k ^ 3 + 6 * k ^ 2 + 4 * k) + 8 := by grind
      omega
  have := cube a
  have := cube b
  have := cube c
  omega

theorem even_of_cube (x : Nat) (h : x ^ 3 % 2 = 0) : x % 2 = 0 := by
  rw [Nat.pow_mod] at h
  rcases Nat.mod_two_eq_zero_or_one x with e | e
  · exact e
  · simp [e] at h

theorem cubes_with_weights_one_two_four (x y z : Nat) (h : x ^ 3 + 2 * y ^ 3 = 4 * z ^ 3) :
    x = 0 ∧ y = 0 ∧ z = 0 := by
  suffices ∀ s x y z : Nat, x + y + z = s → x ^ 3 + 2 * y ^ 3 = 4 * z ^ 3 → s = 0 by
    have := this _ x y z rfl h
    omega
  clear h x y z
  intro s
  induction s using Nat.strongRecOn with
  | ind s ih =>
    intro x y z hs h
    have hx := even_of_cube x (by omega)
    obtain ⟨a, rfl⟩ : 2 ∣ x := by omega
    have h1 : 4 * a ^ 3 + y ^ 3 = 2 * z ^ 3 := by grind
    have hy := even_of_cube y (by omega)
    obtain ⟨b, rfl⟩ : 2 ∣ y := by omega
    have h2 : 2 * a ^ 3 + 4 * b ^ 3 = z ^ 3 := by grind
    have hz := even_of_cube z (by omega)
    obtain ⟨c, rfl⟩ : 2 ∣ z := by omega
    have h3 : a ^ 3 + 2 * b ^ 3 = 4 * c ^ 3 := by grind
    rcases Nat.eq_zero_or_pos s with p | p
    · exact p
    · have := ih (a + b + c) (by omega) a b c rfl h3
      omega

theorem threes_and_a_last_one_make_a_prime.disproof :
    ¬ (∀ (n p : Nat) (h : 3 * p + 7 = 10 ^ (n + 2)), IsPrime p) := by
  intro h
  exact absurd ((h 7 333333331 (by decide)).2 17 (by decide)) (by decide)

/-! ## Divisibility -/

theorem divisor_of_power_of_two_less_two_is_prime.disproof :
    ¬ (∀ (n : Nat) (big : 2 ≤ n) (h : n ∣ 2 ^ n - 2), IsPrime n) := by
  intro h
  exact absurd ((h 341 (by decide) (by decide +kernel)).2 11 (by decide)) (by decide)

/-- The factorial. -/
def factorial : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * factorial n

theorem dvd_factorial (d n : Nat) (h : 0 < d) (hn : d ≤ n) : d ∣ factorial n := by
  induction n with
  | zero => omega
  | succ n ih =>
    rcases Nat.lt_or_eq_of_le hn with p | rfl
    · exact Nat.dvd_trans (ih (by omega)) (Nat.dvd_mul_left ..)
    · exact Nat.dvd_mul_right ..

theorem factorial_pos (n : Nat) : 0 < factorial n := by
  induction n with
  | zero => decide
  | succ n ih => exact Nat.mul_pos (by omega) ih

theorem not_prime (m : Nat) (h : 2 ≤ m) (p : ¬ IsPrime m) : ∃ d e,
    m = d * e ∧ d < m ∧ e < m ∧ 2 ≤ d ∧ 2 ≤ e := by
  simp only [IsPrime, h, true_and, Classical.not_forall, not_or] at p
  obtain ⟨d, ⟨e, he⟩, h1, h2⟩ := p
  have d0 : d ≠ 0 := by rintro rfl; simp at he; omega
  have e0 : e ≠ 0 := by rintro rfl; simp at he; omega
  have e1 : e ≠ 1 := by rintro rfl; simp at he; omega
  refine ⟨d, e, he, ?_, ?_, by omega, by omega⟩
  · rw [he]; have := Nat.mul_le_mul_left d (show 2 ≤ e by omega); omega
  · rw [he]; have := Nat.mul_le_mul_right e (show 2 ≤ d by omega); omega

theorem prime_factor (m : Nat) (h : 2 ≤ m) : ∃ p, IsPrime p ∧ p ∣ m := by
  induction m using Nat.strongRecOn with
  | ind m ih =>
    by_cases p : IsPrime m
    · exact ⟨m, p, Nat.dvd_refl m⟩
    · obtain ⟨d, e, he, hd, _, h2, _⟩ := not_prime m h p
      obtain ⟨q, hq, hqd⟩ := ih d hd h2
      exact ⟨q, hq, Nat.dvd_trans hqd ⟨e, he⟩⟩

theorem prime_factor_three (m : Nat) (h : m % 4 = 3) : ∃ p, IsPrime p ∧ p ∣ m ∧ p % 4 = 3 := by
  induction m using Nat.strongRecOn with
  | ind m ih =>
    by_cases p : IsPrime m
    · exact ⟨m, p, Nat.dvd_refl m, h⟩
    · obtain ⟨d, e, he, hd, hee, h2, _⟩ := not_prime m (by omega) p
      have : d % 4 = 3 ∨ e % 4 = 3 := by
        rw [he, Nat.mul_mod] at h
        have h1 : d % 4 < 4 := Nat.mod_lt _ (by decide)
        have h2 : e % 4 < 4 := Nat.mod_lt _ (by decide)
        generalize d % 4 = x at *
        generalize e % 4 = y at *
        have : ∀ x, x < 4 → ∀ y, y < 4 → x * y % 4 = 3 → x = 3 ∨ y = 3 := by decide
        exact this x h1 y h2 h
      rcases this with t | t
      · obtain ⟨q, hq, hqd, r⟩ := ih d hd t
        exact ⟨q, hq, Nat.dvd_trans hqd ⟨e, he⟩, r⟩
      · obtain ⟨q, hq, hqd, r⟩ := ih e hee t
        exact ⟨q, hq, Nat.dvd_trans hqd ⟨d, by rw [he, Nat.mul_comm]⟩, r⟩

theorem primes_beyond_every_bound (n : Nat) : ∃ p, n < p ∧ IsPrime p := by
  obtain ⟨p, hp, hd⟩ := prime_factor (factorial n + 1) (by have := factorial_pos n; omega)
  refine ⟨p, ?_, hp⟩
  apply Classical.byContradiction
  intro h
  have := (Nat.dvd_add_right (dvd_factorial p n (by have := hp.1; omega) (by omega))).1 hd
  have := Nat.le_of_dvd (by decide) this
  have := hp.1
  omega

theorem primes_of_rest_three_by_four (n : Nat) : ∃ p, n < p ∧ IsPrime p ∧ p % 4 = 3 := by
  have f := factorial_pos n
  obtain ⟨p, hp, ⟨k, hk⟩, hr⟩ := prime_factor_three (4 * factorial n - 1) (by omega)
  refine ⟨p, ?_, hp, hr⟩
  apply Classical.byContradiction
  intro h
  have h1 := Nat.dvd_trans (dvd_factorial p n (by have := hp.1; omega) (by omega)) (Nat.dvd_mul_left (factorial n) 4)
  have h2 : 4 * factorial n = p * k + 1 := by omega
  rw [h2] at h1
  have := (Nat.dvd_add_right (Nat.dvd_mul_right p k)).1 h1
  have := Nat.le_of_dvd (by decide) this
  have := hp.1
  omega

theorem long_gaps_between_primes (n : Nat) : ∃ a, ∀ k, k < n → ¬ IsPrime (a + k) := by
  refine ⟨factorial (n + 1) + 2, fun k hk p => ?_⟩
  have f := factorial_pos (n + 1)
  have h1 : k + 2 ∣ factorial (n + 1) + 2 + k := by
    rw [show factorial (n + 1) + 2 + k = factorial (n + 1) + (k + 2) by omega]
    exact Nat.dvd_add (dvd_factorial _ _ (by omega) (by omega)) (Nat.dvd_refl _)
  rcases p.2 _ h1 with e | e <;> omega

theorem power_of_three_divides_power_of_two_and_one (k : Nat) : 3 ^ (k + 1) ∣ 2 ^ (3 ^ k) + 1 := by
  induction k with
  | zero => decide
  | succ k ih =>
    obtain ⟨t, ht⟩ := ih
    rw [Nat.pow_succ 3 k, Nat.pow_mul]
    generalize 2 ^ 3 ^ k = x at *
    have hz : ((3 : Int) ^ (k + 1 + 1)) ∣ ((x ^ 3 + 1 : Nat) : Int) := by
      have hi : (x : Int) + 1 = 3 * 3 ^ k * t := by
        have : ((x + 1 : Nat) : Int) = ((3 ^ (k + 1) * t : Nat) : Int) := by rw [ht]
        simp [Int.pow_succ] at this
        grind
      refine ⟨t * (3 * (3 ^ k * t) ^ 2 - 3 * (3 ^ k * t) + 1), ?_⟩
      have hx : (x : Int) = 3 * 3 ^ k * t - 1 := by omega
      simp [hx]
      grind
    exact Int.natCast_dvd_natCast.1 (by simpa using hz)

theorem twelve_divides_the_differences_of_four (a b c d : Int) :
    12 ∣ (a - b) * (a - c) * (a - d) * (b - c) * (b - d) * (c - d) := by
  have rests : ∀ m : Nat, 0 < m →
      (∀ a, a < m → ∀ b, b < m → ∀ c, c < m → ∀ d, d < m →
        ((a : Int) - b) * (a - c) * (a - d) * (b - c) * (b - d) * (c - d) % m = 0) →
      (m : Int) ∣ (a - b) * (a - c) * (a - d) * (b - c) * (b - d) * (c - d) := by
    intro m hm h
    have rest : ∀ x : Int, ∃ r : Nat, r < m ∧ x % m = r := fun x =>
      ⟨(x % m).toNat, by have := Int.emod_lt_of_pos x (show (0 : Int) < m by omega); omega,
        by have := Int.emod_nonneg x (show (m : Int) ≠ 0 by omega); omega⟩
    obtain ⟨a', ha, ea⟩ := rest a
    obtain ⟨b', hb, eb⟩ := rest b
    obtain ⟨c', hc, ec⟩ := rest c
    obtain ⟨d', hd, ed⟩ := rest d
    apply Int.dvd_of_emod_eq_zero
    rw [← h a' ha b' hb c' hc d' hd, ← ea, ← eb, ← ec, ← ed]
    simp [Int.mul_emod, Int.sub_emod]
  have := rests 3 (by decide) (by decide +kernel)
  have := rests 4 (by decide) (by decide +kernel)
  omega

/-! ## Inequalities -/

theorem square_nonneg (a : Rat) : 0 ≤ a ^ 2 := Lean.Grind.OrderedRing.sq_nonneg

theorem int_square_nonneg (a : Int) : 0 ≤ a ^ 2 := Lean.Grind.OrderedRing.sq_nonneg

theorem three_cubes_against_the_product (a b c : Rat) (ha : 0 ≤ a) (hb : 0 ≤ b) (hc : 0 ≤ c) :
    3 * a * b * c ≤ a ^ 3 + b ^ 3 + c ^ 3 := by
  have h1 := Rat.mul_nonneg ha (square_nonneg (a - b))
  have h2 := Rat.mul_nonneg ha (square_nonneg (b - c))
  have h3 := Rat.mul_nonneg ha (square_nonneg (c - a))
  have h4 := Rat.mul_nonneg hb (square_nonneg (a - b))
  have h5 := Rat.mul_nonneg hb (square_nonneg (b - c))
  have h6 := Rat.mul_nonneg hb (square_nonneg (c - a))
  have h7 := Rat.mul_nonneg hc (square_nonneg (a - b))
  have h8 := Rat.mul_nonneg hc (square_nonneg (b - c))
  have h9 := Rat.mul_nonneg hc (square_nonneg (c - a))
  grind

theorem cyclic_products_of_sorted_triples (a b c x y z : Int) (ab : a ≤ b) (bc : b ≤ c) (xy : x ≤ y)
    (yz : y ≤ z) :
    a * z + b * y + c * x ≤ a * y + b * z + c * x ∧ a * y + b * z + c * x ≤ a * x + b * y + c * z := by
  have h1 := Int.mul_nonneg (show 0 ≤ b - a by omega) (show 0 ≤ z - y by omega)
  have h2 := Int.mul_nonneg (show 0 ≤ c - b by omega) (show 0 ≤ z - x by omega)
  have h3 := Int.mul_nonneg (show 0 ≤ b - a by omega) (show 0 ≤ y - x by omega)
  constructor <;> grind

theorem three_fractions_over_sums (a b c : Rat) (ha : 0 < a) (hb : 0 < b) (hc : 0 < c) :
    3 / 2 ≤ a / (b + c) + b / (c + a) + c / (a + b) := by
  have p1 : 0 < b + c := by grind
  have p2 : 0 < c + a := by grind
  have p3 : 0 < a + b := by grind
  have num : 0 ≤ (a + b) * (a - b) ^ 2 + (b + c) * (b - c) ^ 2 + (c + a) * (c - a) ^ 2 := by
    have h1 := Rat.mul_nonneg (Rat.le_of_lt p3) (square_nonneg (a - b))
    have h2 := Rat.mul_nonneg (Rat.le_of_lt p1) (square_nonneg (b - c))
    have h3 := Rat.mul_nonneg (Rat.le_of_lt p2) (square_nonneg (c - a))
    grind
  have inv : 0 < ((b + c) * (c + a) * (a + b))⁻¹ := Rat.inv_pos.2 (Rat.mul_pos (Rat.mul_pos p1 p2) p3)
  have h := Rat.mul_nonneg num (Rat.le_of_lt inv)
  have key : a / (b + c) + b / (c + a) + c / (a + b) - 3 / 2 =
      ((a + b) * (a - b) ^ 2 + (b + c) * (b - c) ^ 2 + (c + a) * (c - a) ^ 2) *
        ((b + c) * (c + a) * (a + b))⁻¹ / 2 := by
    grind
  grind

theorem weighted_products_of_differences (a b c : Rat) (ha : 0 ≤ a) (hb : 0 ≤ b) (hc : 0 ≤ c) :
    0 ≤ a * (a - b) * (a - c) + b * (b - a) * (b - c) + c * (c - a) * (c - b) := by
  have main : ∀ a b c : Rat, 0 ≤ c → c ≤ b → b ≤ a →
      0 ≤ a * (a - b) * (a - c) + b * (b - a) * (b - c) + c * (c - a) * (c - b) := by
    intro a b c hc cb ba
    have h1 := Rat.mul_nonneg (Rat.mul_nonneg hc (show 0 ≤ a - c by grind)) (show 0 ≤ b - c by grind)
    have h2 := Rat.mul_nonneg (square_nonneg (a - b)) (show 0 ≤ a + b - c by grind)
    grind
  rcases Rat.le_total (a := a) (b := b) with x | x <;>
  rcases Rat.le_total (a := b) (b := c) with y | y <;>
  rcases Rat.le_total (a := a) (b := c) with z | z
  · have := main c b a ha x y; grind
  · have := main c b a ha x y; grind
  · have := main b c a ha z y; grind
  · have := main b a c hc z x; grind
  · have := main c a b hb x z; grind
  · have := main a c b hb y z; grind
  · have := main a b c hc y x; grind
  · have := main a b c hc y x; grind

theorem cube_of_the_sum_against_the_cubes.disproof :
    ¬ (∀ (a b c : Int) (h : 0 ≤ a + b + c), (a + b + c) ^ 3 ≤ 9 * (a ^ 3 + b ^ 3 + c ^ 3)) := by
  intro h
  exact absurd (h 2 2 (-3) (by decide)) (by decide)

/-- The sum of `f x y` over a list of pairs. -/
def pairSum (f : Int → Int → Int) : List (Int × Int) → Int
  | [] => 0
  | (x, y) :: l => f x y + pairSum f l

theorem pairSum_square (l : List (Int × Int)) (s t : Int) :
    0 ≤ t ^ 2 * pairSum (fun x _ => x ^ 2) l - 2 * t * s * pairSum (fun x y => x * y) l +
      s ^ 2 * pairSum (fun _ y => y ^ 2) l := by
  induction l with
  | nil => simp [pairSum]
  | cons p l ih =>
    obtain ⟨x, y⟩ := p
    simp only [pairSum]
    have := int_square_nonneg (t * x - s * y)
    grind

theorem pairSum_nonneg (l : List (Int × Int)) : 0 ≤ pairSum (fun _ y => y ^ 2) l ∧
    (pairSum (fun _ y => y ^ 2) l = 0 → pairSum (fun x y => x * y) l = 0) := by
  induction l with
  | nil => simp [pairSum]
  | cons p l ih =>
    obtain ⟨x, y⟩ := p
    simp only [pairSum]
    have := int_square_nonneg y
    refine ⟨by omega, fun h => ?_⟩
    have : y = 0 := by
      have e : y ^ 2 = y * y := by grind
      have : y * y = 0 := by omega
      rcases Int.mul_eq_zero.1 this with e | e <;> exact e
    subst this
    simp at h ⊢
    exact ih.2 h

theorem products_of_pairs_against_squares (l : List (Int × Int)) :
    pairSum (fun x y => x * y) l ^ 2 ≤ pairSum (fun x _ => x ^ 2) l * pairSum (fun _ y => y ^ 2) l := by
  have h := pairSum_square l (pairSum (fun x y => x * y) l) (pairSum (fun _ y => y ^ 2) l)
  have ⟨n, z⟩ := pairSum_nonneg l
  generalize pairSum (fun x y => x * y) l = s at *
  generalize pairSum (fun _ y => y ^ 2) l = t at *
  generalize pairSum (fun x _ => x ^ 2) l = q at *
  rcases Int.lt_or_eq_of_le n with p | p
  · have e : t ^ 2 * q - 2 * t * s * s + s ^ 2 * t = t * (q * t - s ^ 2) := by grind
    rw [e] at h
    have := Int.le_of_mul_le_mul_left (show t * 0 ≤ t * (q * t - s ^ 2) by simpa using h) p
    omega
  · have := z p.symm
    subst this; subst p
    simp

theorem factorial_under_the_mean (n : Nat) : 2 ^ n * factorial n ≤ (n + 1) ^ n := by
  have step : ∀ n k : Nat, n ^ (k + 1) + (k + 1) * n ^ k ≤ (n + 1) ^ (k + 1) := by
    intro n k
    induction k with
    | zero => simp
    | succ k ih =>
      have := Nat.mul_le_mul_right (n + 1) ih
      rw [Nat.pow_succ (n + 1) (k + 1)]
      have h1 : n ^ (k + 1 + 1) = n ^ k * n * n := by grind
      have h2 : n ^ (k + 1) = n ^ k * n := by grind
      rw [h1, h2]
      rw [h2] at this
      grind
  induction n with
  | zero => decide
  | succ n ih =>
    have h1 := step (n + 1) n
    have h2 := Nat.mul_le_mul_left (2 * (n + 1)) ih
    simp only [factorial]
    grind

/-- The sum of 1, 1/2, 1/3, … up to 1/n. -/
def harmonic : Nat → Rat
  | 0 => 0
  | n + 1 => harmonic n + 1 / ((n : Rat) + 1)

theorem harmonic_block (m k : Nat) : (k : Rat) / ((m : Rat) + k + 1) ≤ harmonic
    (m + k) - harmonic m := by
  have : ∀ j : Nat, j ≤ k → (j : Rat) * (1 / ((m : Rat) + k + 1)) ≤ harmonic (m + j) - harmonic m := by
    intro j
    induction j with
    | zero => intro; simp; grind
    | succ j ih =>
      intro h
      have := ih (by omega)
      rw [show m + (j + 1) = m + j + 1 by omega, harmonic]
      have hm : (0 : Rat) ≤ m := by exact_mod_cast Nat.zero_le m
      have hj : (0 : Rat) ≤ j := by exact_mod_cast Nat.zero_le j
      have hk : (j : Rat) + 1 ≤ k := by exact_mod_cast h
      have p1 : (0 : Rat) < (m : Rat) + k + 1 := by grind
      have p2 : (0 : Rat) < (m : Rat) + j + 1 := by grind
      have key : 1 / ((m : Rat) + j + 1) - 1 / ((m : Rat) + k + 1) =
          ((k : Rat) - j) * (((m : Rat) + k + 1)⁻¹ * ((m : Rat) + j + 1)⁻¹) := by grind
      have := Rat.mul_nonneg (show 0 ≤ (k : Rat) - j by grind)
        (Rat.le_of_lt (Rat.mul_pos (Rat.inv_pos.2 p1) (Rat.inv_pos.2 p2)))
      grind
  have := this k (Nat.le_refl k)
  grind

theorem harmonic_sums_pass_every_bound (b : Nat) : ∃ n, (b : Rat) ≤ harmonic n := by
  have half : ∀ m : Nat, ∃ n, harmonic m + 1 / 2 ≤ harmonic n := by
    intro m
    refine ⟨m + (m + 1), ?_⟩
    have h := harmonic_block m (m + 1)
    have hm : (0 : Rat) ≤ m := by exact_mod_cast Nat.zero_le m
    have e : ((m + 1 : Nat) : Rat) / ((m : Rat) + ((m + 1 : Nat) : Rat) + 1) = 1 / 2 := by grind
    rw [e] at h
    grind
  induction b with
  | zero => exact ⟨0, by simp [harmonic]; decide⟩
  | succ b ih =>
    obtain ⟨m, hm⟩ := ih
    obtain ⟨n, hn⟩ := half m
    obtain ⟨k, hk⟩ := half n
    exact ⟨k, by grind⟩

/-! ## Induction -/

/-- John McCarthy's recursion as a relation: `Ninety n k` where it ends at `n` with the value `k`. -/
inductive Ninety : Nat → Nat → Prop where
  | high (n : Nat) : 100 < n → Ninety n (n - 10)
  | low (n m k : Nat) : n ≤ 100 → Ninety (n + 11) m → Ninety m k → Ninety n k

theorem ninety_one_everywhere (n : Nat) (h : n ≤ 101) : Ninety n 91 := by
  suffices ∀ d n, n + d = 101 → Ninety n 91 from this (101 - n) n (by omega)
  intro d
  induction d using Nat.strongRecOn with
  | ind d ih =>
    intro n hn
    rcases Nat.eq_zero_or_pos d with p | p
    · have := Ninety.high n (by omega)
      rwa [show n - 10 = 91 by omega] at this
    · refine .low n (if n + 11 ≤ 101 then 91 else n + 1) 91 (by omega) ?_ ?_
      · split
        · exact ih (d - 11) (by omega) _ (by omega)
        · have := Ninety.high (n + 11) (by omega)
          rwa [show n + 11 - 10 = n + 1 by omega] at this
      · split
        · exact ih 10 (by omega) 91 rfl
        · exact ih (d - 1) (by omega) _ (by omega)

/-- Moritz Stern's diatomic sequence. -/
def stern (n : Nat) : Nat :=
  if n < 2 then n
  else if n % 2 = 0 then stern (n / 2)
  else stern (n / 2) + stern (n / 2 + 1)

theorem stern_neighbours_are_coprime (n : Nat) : Nat.gcd (stern n) (stern (n + 1)) = 1 := by
  induction n using Nat.strongRecOn with
  | ind n ih =>
    rcases (by omega : n = 0 ∨ n = 1 ∨ 2 ≤ n) with rfl | rfl | h
    · simp [stern]
    · simp [stern]
    · have i := ih (n / 2) (by omega)
      rcases Nat.mod_two_eq_zero_or_one n with e | e
      · have e1 : stern n = stern (n / 2) := by rw [stern]; simp [e, show ¬ n < 2 by omega]
        have e2 : stern (n + 1) = stern (n / 2) + stern (n / 2 + 1) := by
          rw [stern]; simp [show ¬ n + 1 < 2 by omega, show (n + 1) % 2 = 1 by omega, show (n + 1) / 2 = n / 2 by omega]
        rw [e1, e2]; simpa
      · have e1 : stern n = stern (n / 2) + stern (n / 2 + 1) := by rw [stern]; simp [e, show ¬ n < 2 by omega]
        have e2 : stern (n + 1) = stern (n / 2 + 1) := by
          rw [stern]; simp [show ¬ n + 1 < 2 by omega, show (n + 1) % 2 = 0 by omega,
            show (n + 1) / 2 = n / 2 + 1 by omega]
        rw [e1, e2]; simpa

theorem equal_heaps_lose (wins : Nat → Nat → Prop)
    (rule : ∀ a b, wins a b ↔ (∃ c, c < a ∧ ¬ wins c b) ∨ ∃ c, c < b ∧ ¬ wins a c) (a b : Nat) :
    wins a b ↔ a ≠ b := by
  suffices ∀ s a b, a + b = s → (wins a b ↔ a ≠ b) from this _ a b rfl
  intro s
  induction s using Nat.strongRecOn with
  | ind s ih =>
    intro a b hs
    rw [rule]
    constructor
    · rintro (⟨c, hc, hw⟩ | ⟨c, hc, hw⟩)
      · rw [ih (c + b) (by omega) c b rfl] at hw; omega
      · rw [ih (a + c) (by omega) a c rfl] at hw; omega
    · intro h
      rcases Nat.lt_or_gt_of_ne h with p | p
      · exact .inr ⟨a, p, by rw [ih (a + a) (by omega) a a rfl]; simp⟩
      · exact .inl ⟨b, p, by rw [ih (b + b) (by omega) b b rfl]; simp⟩

/-- Where two chameleons of different colours meet, both take the third colour: what can come of such meetings.
-/
inductive Meeting : Nat × Nat × Nat → Nat × Nat × Nat → Prop where
  | stay (s : Nat × Nat × Nat) : Meeting s s
  | to_third {s : Nat × Nat × Nat} {a b c : Nat} : Meeting s (a + 1, b + 1, c) → Meeting s (a, b, c + 2)
  | to_first {s : Nat × Nat × Nat} {a b c : Nat} : Meeting s (a, b + 1, c + 1) → Meeting s (a + 2, b, c)
  | to_second {s : Nat × Nat × Nat} {a b c : Nat} : Meeting s (a + 1, b, c + 1) → Meeting s (a, b + 2, c)

theorem chameleons_keep_two_colours (n : Nat) : ¬ Meeting (14, 16, 18) (n, 0, 0) := by
  have inv : ∀ s t : Nat × Nat × Nat, Meeting s t →
      (s.1 + 2 * s.2.1) % 3 = (t.1 + 2 * t.2.1) % 3 ∧ s.1 + s.2.1 + s.2.2 = t.1 + t.2.1 + t.2.2 := by
    intro s t h
    induction h with
    | stay => simp
    | to_third _ ih => simp at *; omega
    | to_first _ ih => simp at *; omega
    | to_second _ ih => simp at *; omega
  intro h
  have := inv _ _ h
  simp at this
  omega

/-- The letters of Douglas Hofstadter's puzzle. -/
inductive Letter where
  | m
  | i
  | u

/-- What can be derived from the word MI by the four rules of the puzzle. -/
inductive Derivable : List Letter → Prop where
  | axiom_word : Derivable [.m, .i]
  | add_u {x : List Letter} : Derivable (x ++ [.i]) → Derivable (x ++ [.i, .u])
  | double {x : List Letter} : Derivable (.m :: x) → Derivable (.m :: x ++ x)
  | three_i {x y : List Letter} : Derivable (x ++ [.i, .i, .i] ++ y) → Derivable (x ++ [.u] ++ y)
  | drop_uu {x y : List Letter} : Derivable (x ++ [.u, .u] ++ y) → Derivable (x ++ y)

/-- How often the letter I occurs. -/
def weight : List Letter → Nat
  | [] => 0
  | .i :: l => weight l + 1
  | _ :: l => weight l

theorem weight_append (x y : List Letter) : weight (x ++ y) = weight x + weight y := by
  fun_induction weight x <;> simp_all [weight] <;> omega

theorem word_mu_is_not_derivable : ¬ Derivable [.m, .u] := by
  have inv : ∀ w, Derivable w → weight w % 3 ≠ 0 := by
    intro w h
    induction h with
    | axiom_word => decide
    | add_u _ ih => simp [weight_append, weight] at *; omega
    | double _ ih => simp [weight_append, weight] at *; omega
    | three_i _ ih => simp [weight_append, weight] at *; omega
    | drop_uu _ ih => simp [weight_append, weight] at *; omega
  intro h
  exact inv _ h rfl

/-- The Fibonacci numbers 0, 1, 1, 2, 3, 5, … -/
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

/-- The sum of the Fibonacci numbers at these places. -/
def fibSum : List Nat → Nat
  | [] => 0
  | k :: l => fib k + fibSum l

/-- Falling places from 2 on of which no two are neighbours. -/
def apart : List Nat → Prop
  | [] => True
  | [k] => 2 ≤ k
  | k :: j :: l => j + 2 ≤ k ∧ apart (j :: l)

theorem fib_grows (n : Nat) : n ≤ fib (n + 1) := by
  induction n using Nat.strongRecOn with
  | ind n ih =>
    match n with
    | 0 => simp
    | 1 => decide
    | 2 => decide
    | n + 3 =>
      have h1 := ih (n + 1) (by omega)
      have h2 := ih (n + 2) (by omega)
      have e : fib (n + 3 + 1) = fib (n + 1 + 1) + fib (n + 2 + 1) := rfl
      omega

theorem fib_below (n : Nat) (h : 0 < n) : ∃ k, 2 ≤ k ∧ fib k ≤ n ∧ n < fib (k + 1) := by
  have : ∀ j, n < fib (j + 1) → ∃ k, 2 ≤ k ∧ fib k ≤ n ∧ n < fib (k + 1) := by
    intro j
    induction j with
    | zero => intro p; simp [fib] at p; omega
    | succ j ih =>
      intro p
      rcases Nat.lt_or_ge n (fib (j + 1)) with q | q
      · exact ih q
      · match j with
        | 0 => simp [fib] at p; omega
        | j + 1 => exact ⟨j + 2, by omega, q, p⟩
  exact this (n + 1) (by have := fib_grows (n + 1); omega)

theorem every_number_is_a_sum_of_distant_fibs (n : Nat) : ∃ l, apart l ∧ fibSum l = n := by
  have mono : ∀ j, fib j ≤ fib (j + 1) := by
    intro j
    match j with
    | 0 => decide
    | 1 => decide
    | j + 2 =>
      have e : fib (j + 2 + 1) = fib (j + 1) + fib (j + 2) := rfl
      omega
  have mono' : ∀ j d, fib j ≤ fib (j + d) := by
    intro j d
    induction d with
    | zero => simp
    | succ d ih => exact Nat.le_trans ih (mono _)
  induction n using Nat.strongRecOn with
  | ind n ih =>
    rcases Nat.eq_zero_or_pos n with rfl | p
    · exact ⟨[], trivial, rfl⟩
    · obtain ⟨k, k2, h1, h2⟩ := fib_below n p
      have pos : 0 < fib k := by
        have := mono' 1 (k - 1)
        rw [show 1 + (k - 1) = k by omega] at this
        simpa [fib] using this
      obtain ⟨l, hl, hs⟩ := ih (n - fib k) (by omega)
      match l with
      | [] => exact ⟨[k], k2, by simp [fibSum] at *; omega⟩
      | j :: l =>
        refine ⟨k :: j :: l, ⟨?_, hl⟩, by rw [fibSum, hs]; omega⟩
        apply Classical.byContradiction
        intro far
        obtain ⟨i, rfl⟩ : ∃ i, k = i + 1 := ⟨k - 1, by omega⟩
        have := mono' i (j - i)
        rw [show i + (j - i) = j by omega] at this
        simp only [fibSum] at hs
        rw [fib] at h2
        omega

/-! ## Lists -/

/-- One pass with a candidate and its lead: an equal element adds to the lead, another takes from it, and at
lead 0 the next element becomes the candidate. -/
noncomputable def vote : List Nat → Nat × Nat → Nat
  | [], (c, _) => c
  | x :: l, (c, 0) => vote l (x, 1)
  | x :: l, (c, k + 1) => if x = c then vote l (c, k + 2) else vote l (c, k)

theorem vote_general (l : List Nat) (c k x : Nat)
    (h : l.length + k < 2 * (l.count x + if x = c then k else 0)) : vote l (c, k) = x := by
  induction l generalizing c k with
  | nil => simp [vote] at *; split at h <;> omega
  | cons y l ih =>
    match k with
    | 0 =>
      rw [vote]; apply ih
      simp only [List.length_cons, List.count_cons, beq_iff_eq] at h
      grind
    | k + 1 =>
      rw [vote]
      simp only [List.length_cons, List.count_cons, beq_iff_eq] at h
      split <;> apply ih <;> grind

theorem majority_wins_the_vote (l : List Nat) (x : Nat) (h : l.length < 2 * l.count x) : vote l
    (0, 0) = x := by
  apply vote_general; simpa using h

theorem most_frequent_wins_the_vote.disproof :
    ¬ (∀ (l : List Nat) (x : Nat) (member : x ∈ l)
        (most : ∀ y, y ∈ l → y ≠ x → l.count y < l.count x), vote l (0, 0) = x) := by
  intro h
  exact absurd (h [1, 1, 1, 2, 2, 3, 3] 1 (by decide) (by decide)) (by decide)

/-- A word, so many times in a row. -/
noncomputable def powerOf (w : List Nat) : Nat → List Nat
  | 0 => []
  | n + 1 => w ++ powerOf w n

theorem powerOf_add (w : List Nat) (m n : Nat) : powerOf w
    (m + n) = powerOf w m ++ powerOf w n := by
  induction m with
  | zero => simp [powerOf]
  | succ m ih => rw [Nat.succ_add]; simp [powerOf, ih]

theorem commuting_words_have_a_root (x y : List Nat) (h : x ++ y = y ++ x) :
    ∃ w m n, x = powerOf w m ∧ y = powerOf w n := by
  suffices ∀ s (x y : List Nat), x.length + y.length = s → x ++ y = y ++ x →
      ∃ w m n, x = powerOf w m ∧ y = powerOf w n from
    this _ x y rfl h
  clear h x y
  intro s
  induction s using Nat.strongRecOn with
  | ind s ih =>
    have main : ∀ x y : List Nat, x.length + y.length = s → x.length ≤ y.length → x ++ y = y ++ x →
        ∃ w m n, x = powerOf w m ∧ y = powerOf w n := by
      intro x y hs hl h
      rcases List.eq_nil_or_concat x with rfl | ⟨_, _, hx⟩
      · exact ⟨y, 0, 1, rfl, by simp [powerOf]⟩
      · obtain ⟨z, rfl⟩ : ∃ z, y = x ++ z := by
          have := List.prefix_of_prefix_length_le (List.prefix_append x y) (h ▸ List.prefix_append y x) hl
          obtain ⟨z, hz⟩ := this
          exact ⟨z, hz.symm⟩
        have h' : x ++ z = z ++ x := by simpa using h
        have : 0 < x.length := by rw [hx]; simp
        obtain ⟨w, m, n, e1, e2⟩ := ih (x.length + z.length) (by simp at hs; omega) x z rfl h'
        exact ⟨w, m, m + n, e1, by rw [powerOf_add, ← e1, ← e2]⟩
    intro x y hs h
    rcases Nat.le_total x.length y.length with p | p
    · exact main x y hs p h
    · obtain ⟨w, m, n, e1, e2⟩ := main y x (by omega) p h.symm
      exact ⟨w, n, m, e2, e1⟩

/-- The sum of a list of integers. -/
def total : List Int → Int
  | [] => 0
  | x :: l => x + total l

/-- The greatest sum of a start of the list, computed from the right. -/
def bestStart : List Int → Int
  | [] => 0
  | x :: l => max 0 (x + bestStart l)

/-- The greatest sum of a piece of the list, computed from the right. -/
def bestPiece : List Int → Int
  | [] => 0
  | x :: l => max (bestStart (x :: l)) (bestPiece l)

theorem bestStart_spec (l : List Int) : (∀ p, p <+: l → total p ≤ bestStart l) ∧ ∃ p, p <+:
    l ∧ total p = bestStart l := by
  induction l with
  | nil => simp [bestStart, total]
  | cons x l ih =>
    obtain ⟨h1, p, hp, e⟩ := ih
    constructor
    · intro q hq
      rw [List.prefix_cons_iff] at hq
      rcases hq with rfl | ⟨t, rfl, ht⟩
      · simp [total, bestStart]; omega
      · have := h1 t ht
        simp [total, bestStart]; omega
    · rcases Int.le_total 0 (x + bestStart l) with d | d
      · exact ⟨x :: p, by simpa using hp, by simp [total, bestStart]; omega⟩
      · exact ⟨[], by simp, by simp [total, bestStart]; omega⟩

theorem best_piece_in_one_pass (l : List Int) :
    (∀ p, p <:+: l → total p ≤ bestPiece l) ∧ ∃ p, p <:+: l ∧ total p = bestPiece l := by
  induction l with
  | nil => simp [bestPiece, total]
  | cons x l ih =>
    obtain ⟨h1, p, hp, e⟩ := ih
    obtain ⟨s1, q, hq, f⟩ := bestStart_spec (x :: l)
    constructor
    · intro r hr
      rw [List.infix_cons_iff] at hr
      rcases hr with hr | hr
      · have := s1 r hr; rw [bestPiece]; omega
      · have := h1 r hr; rw [bestPiece]; omega
    · rcases Int.le_total (bestStart (x :: l)) (bestPiece l) with d | d
      · exact ⟨p, List.infix_cons_iff.2 (.inr hp), by rw [bestPiece]; omega⟩
      · exact ⟨q, hq.isInfix, by rw [bestPiece]; omega⟩

/-! ## Logic -/

theorem monotone_operator_has_a_least_fixed_point (A : Type) (F : (A → Prop) → A → Prop)
    (mono : ∀ p q : A → Prop, (∀ a, p a → q a) → ∀ a, F p a → F q a) :
    ∃ p, F p = p ∧ ∀ q, F q = q → ∀ a, p a → q a := by
  refine ⟨fun a => ∀ q : A → Prop, (∀ a, F q a → q a) → q a, ?_, ?_⟩
  · have down : ∀ a, F (fun a => ∀ q : A → Prop, (∀ a, F q a → q a) → q a) a →
        ∀ q : A → Prop, (∀ a, F q a → q a) → q a := by
      intro a h q hq
      exact hq a (mono _ q (fun a h => h q hq) a h)
    funext a
    exact propext ⟨down a, fun h => h _ (fun b hb => mono _ _ down b hb)⟩
  · intro q hq a h
    exact h q (fun b hb => by rwa [hq] at hb)

/-- `b` can be reached from `a` by finitely many steps of `r`. -/
inductive Reaches {A : Type} (r : A → A → Prop) : A → A → Prop where
  | here (a : A) : Reaches r a a
  | onward {a b c : A} : r a b → Reaches r b c → Reaches r a c

theorem Reaches_trans {A : Type} {r : A → A → Prop} {a b c : A} (h : Reaches r a b)
    (k : Reaches r b c) : Reaches r a c := by
  induction h with
  | here => exact k
  | onward s _ ih => exact .onward s (ih k)

theorem local_joins_and_ends_give_all_joins (A : Type) (r : A → A → Prop)
    (ends : WellFounded fun b a => r a b)
    (joins : ∀ a b c, r a b → r a c → ∃ d, Reaches r b d ∧ Reaches r c d) (a b c : A) (hb : Reaches r a b)
    (hc : Reaches r a c) : ∃ d, Reaches r b d ∧ Reaches r c d := by
  induction a using ends.induction generalizing b c with
  | _ a ih =>
    cases hb with
    | here => exact ⟨c, hc, .here c⟩
    | onward s1 hb =>
      cases hc with
      | here => exact ⟨b, .here b, .onward s1 hb⟩
      | onward s2 hc =>
        obtain ⟨d, h1, h2⟩ := joins _ _ _ s1 s2
        obtain ⟨e, k1, k2⟩ := ih _ s1 _ _ hb h1
        obtain ⟨f, m1, m2⟩ := ih _ s2 _ _ hc (Reaches_trans h2 k2)
        exact ⟨f, Reaches_trans k1 m2, m1⟩

theorem three_friends_or_three_strangers (knows : Nat → Nat → Bool)
    (sym : ∀ a b, knows a b = knows b a) :
    ∃ a b c, a < b ∧ b < c ∧ c < 6 ∧ knows a b = knows b c ∧ knows b c = knows a c := by
  apply Classical.byContradiction
  intro no
  have h : ∀ a b c, a < b → b < c → c < 6 → ¬ (knows a b = knows b c ∧ knows b c = knows a c) := by
    intro a b c h1 h2 h3 h4
    exact no ⟨a, b, c, h1, h2, h3, h4⟩
  have five : ∀ b : Bool, ∀ i j k, 0 < i → i < j → j < k → k < 6 →
      knows 0 i = b → knows 0 j = b → knows 0 k = b → False := by
    intro b i j k h0 h1 h2 h3 e1 e2 e3
    have t1 := h 0 i j h0 h1 (by omega)
    have t2 := h 0 j k (by omega) h2 h3
    have t3 := h 0 i k h0 (by omega) h3
    have t4 := h i j k h1 h2 h3
    cases b <;> cases e : knows i j <;> cases f : knows j k <;> cases g : knows i k <;> simp_all
  cases e1 : knows 0 1 <;> cases e2 : knows 0 2 <;> cases e3 : knows 0 3 <;>
  cases e4 : knows 0 4 <;> cases e5 : knows 0 5 <;>
  first
  | exact five _ 1 2 3 (by decide) (by decide) (by decide) (by decide) e1 e2 e3
  | exact five _ 1 2 4 (by decide) (by decide) (by decide) (by decide) e1 e2 e4
  | exact five _ 1 2 5 (by decide) (by decide) (by decide) (by decide) e1 e2 e5
  | exact five _ 1 3 4 (by decide) (by decide) (by decide) (by decide) e1 e3 e4
  | exact five _ 1 3 5 (by decide) (by decide) (by decide) (by decide) e1 e3 e5
  | exact five _ 1 4 5 (by decide) (by decide) (by decide) (by decide) e1 e4 e5
  | exact five _ 2 3 4 (by decide) (by decide) (by decide) (by decide) e2 e3 e4
  | exact five _ 2 3 5 (by decide) (by decide) (by decide) (by decide) e2 e3 e5
  | exact five _ 2 4 5 (by decide) (by decide) (by decide) (by decide) e2 e4 e5
  | exact five _ 3 4 5 (by decide) (by decide) (by decide) (by decide) e3 e4 e5

theorem tail_minimum (f : Nat → Nat) (n : Nat) : ∃ m, n ≤ m ∧ ∀ k, m ≤ k → f m ≤ f k := by
  suffices ∀ v n, f n = v → ∃ m, n ≤ m ∧ ∀ k, m ≤ k → f m ≤ f k from this _ n rfl
  intro v
  induction v using Nat.strongRecOn with
  | ind v ih =>
    intro n hn
    by_cases h : ∃ k, n ≤ k ∧ f k < f n
    · obtain ⟨k, h1, h2⟩ := h
      obtain ⟨m, h3, h4⟩ := ih (f k) (by omega) k rfl
      exact ⟨m, by omega, h4⟩
    · refine ⟨n, Nat.le_refl n, fun k hk => ?_⟩
      apply Classical.byContradiction
      intro hl
      exact h ⟨k, hk, by omega⟩

theorem pairs_cannot_keep_avoiding (f g : Nat → Nat) : ∃ m n, m < n ∧ f m ≤ f n ∧ g m ≤ g n := by
  apply Classical.byContradiction
  intro no
  have drop : ∀ v m, (∀ k, m ≤ k → f m ≤ f k) → g m = v → False := by
    intro v
    induction v using Nat.strongRecOn with
    | ind v ih =>
      intro m hm hv
      obtain ⟨n, h1, h2⟩ := tail_minimum f (m + 1)
      have : g n < g m := by
        apply Classical.byContradiction
        intro hl
        exact no ⟨m, n, by omega, hm n (by omega), by omega⟩
      exact ih (g n) (by omega) n h2 rfl
  obtain ⟨m, _, hm⟩ := tail_minimum f 0
  exact drop _ m hm rfl

/-! ## Counting -/

/-- The binomial coefficients, by Pascal's rule. -/
def choose : Nat → Nat → Nat
  | _, 0 => 1
  | 0, _ + 1 => 0
  | n + 1, k + 1 => choose n k + choose n (k + 1)

/-- `sumUpTo f n` is `f 0 + f 1 + … + f n`. -/
def sumUpTo (f : Nat → Nat) : Nat → Nat
  | 0 => f 0
  | n + 1 => sumUpTo f n + f (n + 1)

theorem choose_right_zero (n : Nat) : choose n 0 = 1 := by cases n <;> rfl

theorem choose_zero (n k : Nat) (h : n < k) : choose n k = 0 := by
  fun_induction choose n k with
  | case1 => omega
  | case2 => rfl
  | case3 n k h1 h2 => rw [h1 (by omega), h2 (by omega)]

theorem choose_symm (s : Nat) : ∀ n k, n + k = s → choose s n = choose s k := by
  have self : ∀ n, choose n n = 1 := by
    intro n
    induction n with
    | zero => rfl
    | succ n ih => rw [choose, ih, choose_zero n (n + 1) (by omega)]
  induction s with
  | zero => intro n k h; rw [show n = 0 by omega, show k = 0 by omega]
  | succ s ih =>
    intro n k h
    match n, k with
    | 0, k => rw [show k = s + 1 by omega, self, choose_right_zero]
    | n + 1, 0 => rw [show n = s by omega, self, choose_right_zero]
    | n + 1, k + 1 =>
      rw [choose, choose, ih n (k + 1) (by omega), ih (n + 1) k (by omega), Nat.add_comm]

theorem sumUpTo_add (f g : Nat → Nat) (n : Nat) : sumUpTo
    (fun j => f j + g j) n = sumUpTo f n + sumUpTo g n := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [sumUpTo, ih]; omega

theorem sumUpTo_shift (f : Nat → Nat) (n : Nat) : sumUpTo f (n + 1) = f 0 + sumUpTo
    (fun j => f (j + 1)) n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sumUpTo, ih]; simp only [sumUpTo]; omega

theorem sumUpTo_congr (f g : Nat → Nat) (n : Nat) (h : ∀ j, j ≤ n → f j = g j) :
    sumUpTo f n = sumUpTo g n := by
  induction n with
  | zero => exact h 0 (by omega)
  | succ n ih => rw [sumUpTo, sumUpTo, ih (fun j hj => h j (by omega)), h _ (by omega)]

theorem sumUpTo_zero (n : Nat) : sumUpTo (fun _ => 0) n = 0 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sumUpTo, ih]

theorem choosing_from_two_groups (m n k : Nat) : sumUpTo
    (fun j => choose m j * choose n (k - j)) k = choose (m + n) k := by
  induction m generalizing k with
  | zero =>
    cases k with
    | zero => simp [sumUpTo, choose_right_zero]
    | succ k =>
      rw [sumUpTo_shift]
      have : sumUpTo (fun j => choose 0 (j + 1) * choose n (k + 1 - (j + 1))) k = 0 := by
        refine Eq.trans (sumUpTo_congr _ (fun _ => 0) k fun j _ => ?_) (sumUpTo_zero k)
        simp [choose]
      rw [this]; simp [choose]
  | succ m ih =>
    cases k with
    | zero => simp [sumUpTo, choose_right_zero]
    | succ k =>
      have a := ih k
      have b := ih (k + 1)
      rw [sumUpTo_shift] at b
      rw [sumUpTo_shift, show m + 1 + n = (m + n) + 1 by omega,
        show choose (m + n + 1) (k + 1) = choose (m + n) k + choose (m + n) (k + 1) from rfl, ← a, ← b]
      have e : sumUpTo (fun j => choose (m + 1) (j + 1) * choose n (k + 1 - (j + 1))) k =
          sumUpTo (fun j => choose m j * choose n (k - j)) k +
            sumUpTo (fun j => choose m (j + 1) * choose n (k + 1 - (j + 1))) k := by
        rw [← sumUpTo_add]
        apply sumUpTo_congr
        intro j _
        rw [choose, Nat.add_mul, Nat.add_sub_add_right]
      rw [e]; simp only [choose_right_zero]; omega

theorem squares_of_a_row_make_the_middle (n : Nat) : sumUpTo (fun j => choose n j ^ 2) n = choose
    (2 * n) n := by
  rw [Nat.two_mul, ← choosing_from_two_groups]
  apply sumUpTo_congr
  intro j hj
  rw [choose_symm n (n - j) j (by omega), Nat.pow_two]

/-- The ways to count `a` votes for one and `b` for another such that the other is never ahead. -/
def ballot : Nat → Nat → Nat
  | _, 0 => 1
  | 0, _ + 1 => 0
  | a + 1, b + 1 => if b ≤ a then ballot a (b + 1) + ballot (a + 1) b else 0

theorem chair (n k : Nat) : (k + 1) * choose (n + k + 1) (k + 1) = (n + k + 1) * choose
    (n + k) k := by
  suffices ∀ n k, (k + 1) * choose (n + 1) (k + 1) = (n + 1) * choose n k from this (n + k) k
  intro n k
  induction n generalizing k with
  | zero => cases k <;> simp [choose]
  | succ n ih =>
    cases k with
    | zero =>
      have := ih 0
      have e : choose (n + 1 + 1) (0 + 1) = choose (n + 1) 0 + choose (n + 1) (0 + 1) := rfl
      simp only [choose_right_zero] at *; omega
    | succ k =>
      have h1 := ih k
      have h2 := ih (k + 1)
      have e1 : choose (n + 1 + 1) (k + 1 + 1) = choose (n + 1) (k + 1) + choose (n + 1) (k + 2) := rfl
      have e2 : choose (n + 1) (k + 1) = choose n k + choose n (k + 1) := rfl
      grind

theorem choose_ratio (n k : Nat) : (k + 1) * choose (n + k + 1) (k + 1) = (n + 1) * choose
    (n + k + 1) k := by
  have c := chair n k
  have e : choose (n + k + 1) (k + 1) = choose (n + k) k + choose (n + k) (k + 1) := rfl
  have f : choose (n + k + 1) k * (n + 1) = (n + k + 1) * choose (n + k) k := by
    have d := chair k n
    rw [choose_symm (n + k + 1) k (n + 1) (by omega), choose_symm (n + k) k n (by omega)]
    rw [show k + n = n + k by omega] at d
    rw [Nat.mul_comm]; exact d
  rw [c, Nat.mul_comm (n + 1), f]

theorem never_behind_in_the_count (a b : Nat) (h : b ≤ a) : (a + 1) * ballot a b =
    (a + 1 - b) * choose (a + b) b := by
  suffices ∀ s a b, a + b = s → b ≤ a + 1 → (a + 1) * ballot a b = (a + 1 - b) * choose (a + b) b from
    this _ a b rfl (by omega)
  clear h a b
  intro s
  induction s with
  | zero => intro a b hs hb; rw [show a = 0 by omega, show b = 0 by omega]; simp [ballot, choose]
  | succ s ih =>
    intro a b hs hb
    match a, b with
    | a, 0 => simp [ballot, choose_right_zero]
    | 0, b + 1 => rw [show b = 0 by omega]; simp [ballot]
    | a + 1, b + 1 =>
      rw [ballot]
      split
      · next hab =>
        obtain ⟨d, rfl⟩ := Nat.le.dest hab
        have h1 := ih (b + d) (b + 1) (by omega) (by omega)
        have h2 := ih (b + d + 1) b (by omega) (by omega)
        have r := choose_ratio (b + d + 1) b
        have e : choose (b + d + 1 + (b + 1)) (b + 1) = choose (b + d + 1 + b) b + choose (b + d + 1 + b) (b + 1) := rfl
        rw [show b + d + (b + 1) = b + d + 1 + b by omega, show b + d + 1 - (b + 1) = d by omega] at h1
        rw [show b + d + 1 + 1 - b = d + 2 by omega] at h2
        rw [show b + d + 1 + 1 - (b + 1) = d + 1 by omega, e]
        rw [show b + d + 1 + b + 1 = (b + d + 1 + b) + 1 by omega] at r
        have e' : choose (b + d + 1 + b + 1) (b + 1) = choose (b + d + 1 + b) b + choose (b + d + 1 + b) (b + 1) := rfl
        have c := chair (b + d + 1) b
        rw [e'] at c
        generalize choose (b + d + 1 + b) b = X at *
        generalize choose (b + d + 1 + b) (b + 1) = Y at *
        generalize ballot (b + d) (b + 1) = P at *
        generalize ballot (b + d + 1) b = Q at *
        apply Nat.eq_of_mul_eq_mul_left (show 0 < (b + d + 1) * (b + 1) by exact Nat.mul_pos (by omega) (by omega))
        grind
      · next hab => rw [show a + 1 + 1 - (b + 1) = 0 by omega]; simp

theorem too_many_values_repeat (n : Nat) (l : List Nat) (small : ∀ x, x ∈ l → x < n)
    (long : n < l.length) : ¬ l.Nodup := by
  induction n generalizing l with
  | zero =>
    match l with
    | x :: l => have := small x (by simp); omega
  | succ n ih =>
    intro nd
    have e := List.length_erase (a := n) (l := l)
    refine ih (l.erase n) ?_ ?_ (nd.erase n)
    · intro x hx
      have := (List.Nodup.mem_erase_iff nd).1 hx
      have := small x this.2
      omega
    · split at e <;> omega

/-! ## Functions -/

theorem twice_applied_on_average (f : Nat → Nat) (h : ∀ n, f (f n) + f n = 2 * n) (n : Nat) :
    f n = n := by
  induction n using Nat.strongRecOn with
  | ind n ih =>
    have h1 := h n
    have h2 := h (f n)
    rcases Nat.lt_trichotomy (f n) n with p | p | p
    · have := ih _ p
      omega
    · exact p
    · have := ih (f (f n)) (by omega)
      omega

theorem no_half_of_adding_three (f : Nat → Nat) : ∃ n, f (f n) ≠ n + 3 := by
  apply Classical.byContradiction
  intro no
  have h : ∀ n, f (f n) = n + 3 := by
    intro n
    apply Classical.byContradiction
    intro hn
    exact no ⟨n, hn⟩
  have shift : ∀ n, f (n + 3) = f n + 3 := fun n => by rw [← h n, h (f n)]
  have many : ∀ k r, f (r + 3 * k) = f r + 3 * k := by
    intro k r
    induction k with
    | zero => rfl
    | succ k ih => rw [show r + 3 * (k + 1) = r + 3 * k + 3 by omega, shift, ih]; omega
  have rest : ∀ r, r < 3 → ∃ s, s < 3 ∧ s ≠ r ∧ f r % 3 = s ∧ f s % 3 = r := by
    intro r hr
    have m := many (f r / 3) (f r % 3)
    rw [Nat.mod_add_div, h] at m
    refine ⟨f r % 3, Nat.mod_lt _ (by decide), fun e => ?_, rfl, by omega⟩
    rw [e] at m
    omega
  obtain ⟨s, hs, n0, a0, b0⟩ := rest 0 (by omega)
  obtain ⟨t, ht, n1, a1, b1⟩ := rest 1 (by omega)
  obtain ⟨u, hu, n2, a2, b2⟩ := rest 2 (by omega)
  rcases (by omega : s = 1 ∨ s = 2) with rfl | rfl
  · rcases (by omega : u = 0 ∨ u = 1) with rfl | rfl <;> omega
  · rcases (by omega : t = 0 ∨ t = 2) with rfl | rfl <;> omega

theorem swap_of_sum_and_value (f : Nat → Nat) (h : ∀ m n, f (m + f n) = f m + n) (n : Nat) :
    f n = n := by
  have h0 : f 0 = 0 := by
    have a := h 0 0
    have b := h 0 (f 0)
    have c := h (f 0) 0
    simp at a
    rw [a] at b
    simp at b
    omega
  have inv : ∀ n, f (f n) = n := fun n => by have := h 0 n; simpa [h0] using this
  have add : ∀ m n, f (m + n) = f m + f n := fun m n => by have := h m (f n); rwa [inv] at this
  have lin : ∀ n, f n = n * f 1 := by
    intro n
    induction n with
    | zero => simp [h0]
    | succ n ih => rw [add, ih]; grind
  have one := inv 1
  rw [lin (f 1)] at one
  have : f 1 = 1 := Nat.eq_one_of_mul_eq_one_left one
  rw [lin, this, Nat.mul_one]

theorem swap_of_sum_and_value_on_integers (f : Int → Int) (h : ∀ a b, f (a + f b) = f a + b) :
    (∀ n, f n = n) ∨ ∀ n, f n = -n := by
  have h0 : f 0 = 0 := by
    have a := h 0 (-f 0)
    have b := h (f (-f 0)) 0
    have c := h 0 0
    have d := h (- f 0) 0
    simp at *
    grind
  have inv : ∀ n, f (f n) = n := fun n => by have := h 0 n; simpa [h0] using this
  have add : ∀ m n, f (m + n) = f m + f n := fun m n => by have := h m (f n); rwa [inv] at this
  have nat : ∀ n : Nat, f n = n * f 1 := by
    intro n
    induction n with
    | zero => simp [h0]
    | succ n ih => rw [Int.natCast_add, add, ih]; grind
  have lin : ∀ n, f n = n * f 1 := by
    intro n
    rcases Int.le_total 0 n with p | p
    · have := nat n.toNat
      rwa [Int.toNat_of_nonneg p] at this
    · have := nat (-n).toNat
      rw [Int.toNat_of_nonneg (by omega)] at this
      have e := add n (-n)
      rw [this, show n + -n = 0 by omega, h0] at e
      grind
  have one := inv 1
  rw [lin (f 1)] at one
  have : (f 1 - 1) * (f 1 + 1) = 0 := by grind
  rcases Int.mul_eq_zero.1 this with e | e
  · left; intro n; rw [lin, show f 1 = 1 by omega]; omega
  · right; intro n; rw [lin, show f 1 = -1 by omega]; omega

theorem parallelogram_law_gives_squares (f : Int → Int)
    (h : ∀ a b, f (a + b) + f (a - b) = 2 * f a + 2 * f b) (n : Int) :
    f n = n ^ 2 * f 1 := by
  have h0 : f 0 = 0 := by have := h 0 0; simp at this; omega
  have even : ∀ n, f (-n) = f n := fun n => by have := h 0 n; simp [h0] at this; omega
  have nat : ∀ n : Nat, f n = n ^ 2 * f 1 ∧ f (n + 1) = (n + 1) ^ 2 * f 1 := by
    intro n
    induction n with
    | zero => simp [h0]
    | succ n ih =>
      obtain ⟨i1, i2⟩ := ih
      have := h (n + 1) 1
      simp at this
      refine ⟨by simpa using i2, ?_⟩
      simp
      grind
  rcases Int.le_total 0 n with p | p
  · have := (nat n.toNat).1
    rwa [Int.toNat_of_nonneg p] at this
  · have := (nat (-n).toNat).1
    rw [Int.toNat_of_nonneg (by omega), even] at this
    rw [this]; grind

theorem nested_recursion_grows_by_at_most_one (f : Nat → Nat) (start : f 0 = 0)
    (next : ∀ n, f (n + 1) + f (f n) = n + 1) (n : Nat) : f n ≤ f (n + 1) ∧ f (n + 1) ≤ f n + 1 := by
  induction n using Nat.strongRecOn with
  | ind n ih =>
    match n with
    | 0 => have := next 0; rw [start, start] at this; simp [start] at *; omega
    | n + 1 =>
      have i := ih n (by omega)
      have a := next n
      have b := next (n + 1)
      rcases (by omega : f (n + 1) = f n ∨ f (n + 1) = f n + 1) with e | e
      · rw [e] at b; omega
      · have below : f n ≤ n := by
          have := next n
          have z : ∀ k, k ≤ n → f k ≤ k := by
            intro k hk
            cases k with
            | zero => omega
            | succ k => have := next k; omega
          exact z n (by omega)
        have j := ih (f n) (by omega)
        rw [e] at b
        rw [e]
        omega

theorem multiplicative_and_rising_from_two (f : Nat → Nat) (two : f 2 = 2)
    (times : ∀ m n, f (m * n) = f m * f n)
    (rises : ∀ m n, m < n → f m < f n) (n : Nat) : f n = n := by
  have one : f 1 = 1 := by have := times 1 2; rw [Nat.one_mul, two] at this; omega
  have pow : ∀ k, f (2 ^ k) = 2 ^ k := by
    intro k
    induction k with
    | zero => simpa using one
    | succ k ih => rw [Nat.pow_succ, times, ih, two]
  have gap : ∀ d m, f m + d ≤ f (m + d) := by
    intro d m
    induction d with
    | zero => simp
    | succ d ih => have := rises (m + d) (m + (d + 1)) (by omega); omega
  have lt : n < 2 ^ n := Nat.lt_two_pow_self
  have a := gap n 0
  have b := gap (2 ^ n - n) n
  rw [show n + (2 ^ n - n) = 2 ^ n by omega, pow] at b
  simp at a
  omega

theorem multiplicative_and_rising_from_one.disproof :
    ¬ (∀ (f : Nat → Nat) (one : f 1 = 1) (times : ∀ m n, f (m * n) = f m * f n)
        (rises : ∀ m n, m < n → f m < f n) (n : Nat), f n = n) := by
  intro h
  have := h (fun n => n * n) rfl (fun m n => by grind) (fun m n hmn => Nat.mul_self_lt_mul_self hmn) 2
  exact absurd this (by decide)

end Core
