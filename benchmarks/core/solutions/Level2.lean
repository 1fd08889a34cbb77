/-! # The core suite, level 2: one idea, which is a case distinction, a lemma of the library or a plain induction -/

namespace Core

/-! ## Arithmetic -/

/-- No square leaves 3 when divided by 4. -/
theorem no_square_leaves_three (n k : Nat) : n * n ≠ 4 * k + 3 := by
  intro h
  rcases Nat.mod_two_eq_zero_or_one n with e | e
  · obtain ⟨m, rfl⟩ : ∃ m, n = 2 * m := ⟨n / 2, by omega⟩
    have : 2 * m * (2 * m) = 4 * (m * m) := by grind
    omega
  · obtain ⟨m, rfl⟩ : ∃ m, n = 2 * m + 1 := ⟨n / 2, by omega⟩
    have : (2 * m + 1) * (2 * m + 1) = 4 * (m * m + m) + 1 := by grind
    omega

/-- The square of n + 1, divided by n + 2, is n without the remainder. -/
theorem square_divided_by_the_next (n : Nat) : (n + 1) ^ 2 / (n + 2) = n := by
  have h : (n + 1) ^ 2 = 1 + (n + 2) * n := by grind
  rw [h, Nat.add_mul_div_left _ _ (by omega), Nat.div_eq_of_lt (by omega), Nat.zero_add]

/-- The two rational numbers whose square is 2 more than themselves. -/
theorem square_is_two_more (x : Rat) (h : x * x = x + 2) : x = 2 ∨ x = -1 := by
  have e : (x - 2) * (x + 1) = 0 := by grind
  rcases Rat.mul_eq_zero.mp e with e | e
  · exact .inl (by grind)
  · exact .inr (by grind)

/-- Two integers whose squares add up to zero are zero. -/
theorem zero_sum_of_two_squares (a b : Int) (h : a * a + b * b = 0) : a = 0 ∧ b = 0 := by
  have ha : 0 ≤ a * a := by rw [← Int.natAbs_mul_self]; omega
  have hb : 0 ≤ b * b := by rw [← Int.natAbs_mul_self]; omega
  have za : a * a = 0 := by omega
  have zb : b * b = 0 := by omega
  exact ⟨(Int.mul_eq_zero.mp za).elim id id, (Int.mul_eq_zero.mp zb).elim id id⟩

/-- Every power of 8 leaves 1 when divided by 7. -/
theorem powers_of_eight_modulo_seven (n : Nat) : 8 ^ n % 7 = 1 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Nat.pow_succ]; omega

/-! ## Divisibility -/

/-- The product of three numbers in a row is divisible by 6. -/
theorem three_in_a_row (n : Nat) : 6 ∣ n * (n + 1) * (n + 2) := by
  have h : n % 6 < 6 := Nat.mod_lt _ (by omega)
  rw [Nat.dvd_iff_mod_eq_zero, Nat.mul_mod, Nat.mul_mod n, Nat.add_mod n 1, Nat.add_mod n 2]
  generalize n % 6 = r at *
  revert r
  decide

/-- The numbers 2n + 1 and 3n + 1 have no common divisor but 1. -/
theorem two_linear_forms_are_coprime (n : Nat) : Nat.gcd (2 * n + 1) (3 * n + 1) = 1 := by
  have h1 := Nat.gcd_dvd_left (2 * n + 1) (3 * n + 1)
  have h2 := Nat.gcd_dvd_right (2 * n + 1) (3 * n + 1)
  have h := Nat.dvd_sub (Nat.dvd_mul_left_of_dvd h1 3) (Nat.dvd_mul_left_of_dvd h2 2)
  have e : 3 * (2 * n + 1) - 2 * (3 * n + 1) = 1 := by omega
  rw [e] at h
  exact Nat.dvd_one.mp h

/-- What divides a + b and a + 2b divides a. -/
theorem divides_both_sums (a b d : Int) (h : d ∣ a + b) (k : d ∣ a + 2 * b) : d ∣ a := by
  obtain ⟨x, hx⟩ := h
  obtain ⟨y, hy⟩ := k
  exact ⟨2 * x - y, by grind⟩

/-- The square of an odd number leaves 1 when divided by 8. -/
theorem odd_square_modulo_eight (n : Nat) (h : n % 2 = 1) : n * n % 8 = 1 := by
  have h8 : n % 8 < 8 := Nat.mod_lt _ (by omega)
  have e : n % 8 % 2 = 1 := by omega
  rw [Nat.mul_mod]
  generalize n % 8 = r at *
  revert r
  decide

/-- The values of n² + n + 41 have no divisor but 1 and themselves. -/
theorem divisors_of_a_quadratic.disproof :
    ¬ (∀ (n d : Nat) (h : d ∣ n * n + n + 41),
      d = 1 ∨ d = n * n + n + 41) := by
  intro h
  exact absurd (h 40 41 (by decide)) (by decide)

/-! ## Inequalities -/

/-- Twice a product is at most the sum of the squares. -/
theorem twice_a_product (a b : Int) : 2 * a * b ≤ a * a + b * b := by
  have h : 0 ≤ (a - b) * (a - b) := by rw [← Int.natAbs_mul_self]; omega
  grind

/-- Large with large and small with small gives the larger sum of products. -/
theorem rearrangement_of_two (a b c d : Nat) (h : a ≤ b) (k : c ≤ d) : a * d + b * c ≤ a * c + b * d := by
  obtain ⟨x, rfl⟩ := Nat.exists_eq_add_of_le h
  obtain ⟨y, rfl⟩ := Nat.exists_eq_add_of_le k
  grind

/-- From 4 on, a square is at least 3n + 4. -/
theorem square_beats_linear (n : Nat) (h : 4 ≤ n) : 3 * n + 4 ≤ n * n := by
  obtain ⟨k, rfl⟩ := Nat.exists_eq_add_of_le h
  grind

/-- A rational number between 0 and 1 is no smaller than its square. -/
theorem square_of_a_fraction (x : Rat) (h0 : 0 ≤ x) (h1 : x ≤ 1) : x * x ≤ x := by
  have h : 0 ≤ x * (1 - x) := Rat.mul_nonneg h0 (by grind)
  grind

/-- The fourth power of a number is at most 16 more than the power of 4 with that exponent. -/
theorem fourth_power_against_power_of_four.disproof : ¬ (∀ (n : Nat), n ^ 4 ≤ 4 ^ n + 16) := by
  intro h
  exact absurd (h 3) (by decide)

/-! ## Induction -/

/-- The sum of the first n positive numbers. -/
def triangular : Nat → Nat
  | 0 => 0
  | n + 1 => triangular n + (n + 1)

/-- The Fibonacci numbers, from 0 and 1. -/
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

/-- The sum of the Fibonacci numbers before the n-th. -/
def fibSum : Nat → Nat
  | 0 => 0
  | n + 1 => fibSum n + fib n

/-- The moves that a tower of n discs takes on three pegs. -/
def hanoi : Nat → Nat
  | 0 => 0
  | n + 1 => 2 * hanoi n + 1

/-- Twice the n-th triangular number is n times n + 1. -/
theorem twice_a_triangular_number (n : Nat) : 2 * triangular n = n * (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [triangular]; grind

/-- The Fibonacci numbers before the (n + 1)-th add up to one less than the (n + 2)-th. -/
theorem sum_of_fibonacci_numbers (n : Nat) : fibSum (n + 1) + 1 = fib (n + 2) := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [fibSum, fib] at *; omega

/-- With one move more, a tower of n discs would take a power of two. -/
theorem moves_of_a_tower (n : Nat) : hanoi n + 1 = 2 ^ n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [hanoi, Nat.pow_succ]; omega

/-- A power of 3 is at least 2n + 1. -/
theorem power_of_three_beats_linear (n : Nat) : 2 * n + 1 ≤ 3 ^ n := by
  induction n with
  | zero => simp
  | succ n ih => rw [Nat.pow_succ]; omega

/-! ## Lists -/

/-- If every number of a list is doubled, so is the sum. -/
theorem sum_of_doubles (xs : List Nat) : (xs.map (fun x => 2 * x)).sum = 2 * xs.sum := by
  induction xs with
  | nil => rfl
  | cons x xs ih => simp only [List.map_cons, List.sum_cons, ih]; omega

/-- What a filter keeps and what it drops are as many as there were. -/
theorem kept_and_dropped {α : Type} (p : α → Bool) (xs : List α) :
    (xs.filter p).length + (xs.filter (fun x => !p x)).length = xs.length := by
  induction xs with
  | nil => rfl
  | cons x xs ih => cases h : p x <;> simp [h] <;> omega

/-- A list whose sum is odd has an odd member. -/
theorem odd_sum_odd_member (xs : List Nat) (h : xs.sum % 2 = 1) : ∃ x ∈ xs, x % 2 = 1 := by
  induction xs with
  | nil => simp at h
  | cons x xs ih =>
    rcases Nat.mod_two_eq_zero_or_one x with e | e
    · obtain ⟨y, hy, k⟩ := ih (by simp at h; omega)
      exact ⟨y, List.mem_cons_of_mem _ hy, k⟩
    · exact ⟨x, List.mem_cons_self, e⟩

/-- Two lists that give the same in either order are equal, or one of them is empty. -/
theorem lists_that_commute.disproof :
    ¬ (∀ (xs ys : List Nat) (h : xs ++ ys = ys ++ xs),
      xs = ys ∨ xs = [] ∨ ys = []) := by
  intro h
  exact absurd (h [0] [0, 0] (by decide)) (by decide)

/-- If no member of a list is above 5, then the sum is at most 5 times the length. -/
theorem sum_of_small_members (xs : List Nat) (h : ∀ x ∈ xs, x ≤ 5) : xs.sum ≤ 5 * xs.length := by
  induction xs with
  | nil => simp
  | cons x xs ih =>
    have := h x List.mem_cons_self
    have := ih fun y hy => h y (List.mem_cons_of_mem _ hy)
    simp
    omega

/-! ## Logic -/

/-- In every bar is somebody such that, if that one drinks, then everybody drinks. -/
theorem somebody_in_the_bar (drinks : Nat → Prop) : ∃ x, drinks x → ∀ y, drinks y := by
  by_cases h : ∀ y, drinks y
  · exact ⟨0, fun _ => h⟩
  · obtain ⟨x, hx⟩ := Classical.not_forall.mp h
    exact ⟨x, fun d => absurd d hx⟩

/-- Nobody shaves exactly those who do not shave themselves. -/
theorem no_such_barber {α : Type} (shaves : α → α → Prop) : ¬∃ b, ∀ x, shaves b x ↔ ¬shaves x x := by
  rintro ⟨b, hb⟩
  have := hb b
  grind

/-- A symmetric and transitive relation in which everything is related to something is reflexive. -/
theorem related_to_itself {α : Type} (r : α → α → Prop) (symm : ∀ x y, r x y → r y x)
    (trans : ∀ x y z, r x y → r y z → r x z) (some : ∀ x, ∃ y, r x y) (x : α) : r x x := by
  obtain ⟨y, h⟩ := some x
  exact trans x y x h (symm x y h)

/-- If of any two neighbours one is red, then there is a red number beyond each bound. -/
theorem red_beyond_each_bound (red : Nat → Prop) (h : ∀ n, red n ∨ red (n + 1)) (n : Nat) : ∃ m, n < m ∧ red m := by
  rcases h (n + 1) with k | k
  · exact ⟨n + 1, by omega, k⟩
  · exact ⟨n + 2, by omega, k⟩

/-! ## Counting -/

/-- The number of ways to choose k of n things, by Pascal's rule. -/
def choose : Nat → Nat → Nat
  | _, 0 => 1
  | 0, _ + 1 => 0
  | n + 1, k + 1 => choose n k + choose n (k + 1)

/-- How often hands are shaken when each of n people shakes hands with each other. -/
def handshakes : Nat → Nat
  | 0 => 0
  | n + 1 => handshakes n + n

/-- In how many ways k places can be filled with different ones of n things. -/
def arrangements : Nat → Nat → Nat
  | _, 0 => 1
  | n, k + 1 => n * arrangements (n - 1) k

/-- The ways to climb n stairs with steps of one and two. -/
def climbs : Nat → Nat
  | 0 => 1
  | 1 => 1
  | n + 2 => climbs n + climbs (n + 1)

/-- One of n things can be chosen in n ways. -/
theorem ways_to_choose_one (n : Nat) : choose n 1 = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [choose, ih, choose]; omega

/-- Twice the handshakes and one for everybody make a square. -/
theorem handshakes_make_a_square (n : Nat) : 2 * handshakes n + n = n * n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [handshakes]; grind

/-- With n different things, no more than n places can be filled. -/
theorem too_many_places (n : Nat) : arrangements n (n + 1) = 0 := by
  induction n with
  | zero => simp [arrangements]
  | succ n ih => rw [arrangements, Nat.add_sub_cancel, ih, Nat.mul_zero]

/-- There is at least one way for every stair. -/
theorem as_many_climbs_as_stairs (n : Nat) : n ≤ climbs n := by
  have h : n ≤ climbs n ∧ n + 1 ≤ climbs (n + 1) ∧ 1 ≤ climbs n := by
    induction n with
    | zero => decide
    | succ n ih => rw [climbs]; omega
  exact h.1

/-! ## Functions -/

/-- A function with the period 4 has the same value after any number of periods. -/
theorem after_many_periods (f : Nat → Int) (h : ∀ n, f (n + 4) = f n) (n k : Nat) : f (n + 4 * k) = f n := by
  induction k with
  | zero => rfl
  | succ k ih => rw [show n + 4 * (k + 1) = n + 4 * k + 4 by omega, h, ih]

/-- If g undoes f, then f undoes g. -/
theorem undone_in_either_order.disproof : ¬ (∀ (f g : Nat → Nat) (h : ∀ x, g (f x) = x), ∀ x, f (g x) = x) := by
  intro h
  exact absurd (h (fun n => n + 1) (fun n => n - 1) (by simp) 0) (by decide)

/-- A function that keeps sums is a multiplication. -/
theorem keeps_sums (f : Nat → Nat) (h : ∀ x y, f (x + y) = f x + f y) (n : Nat) : f n = n * f 1 := by
  induction n with
  | zero => have := h 0 0; simp at this; omega
  | succ n ih => rw [h, ih, Nat.succ_mul]

/-- A function that adds 2 when it is done twice adds 2 to its value when 2 is added to its argument. -/
theorem two_steps_of_a_square_root (f : Int → Int) (h : ∀ x, f (f x) = x + 2) (x : Int) : f (x + 2) = f x + 2 := by
  rw [← h x, h (f x)]

/-- A sequence of integers that at least doubles from 1 on is at least a power of two. -/
theorem doubling_sequence (f : Nat → Int) (h0 : f 0 = 1) (h : ∀ n, 2 * f n ≤ f (n + 1)) (n : Nat) : 2 ^ n ≤ f n := by
  induction n with
  | zero => simp [h0]
  | succ n ih => have := h n; rw [Int.pow_succ]; omega

end Core
