/-! # The core suite, level 3: an induction whose step needs thought, or two ideas together -/

namespace Core

/-! ## Arithmetic -/

/-- The sum of two squares never leaves 3 when divided by 4. -/
theorem two_squares_never_leave_three (a b : Int) : (a * a + b * b) % 4 ≠ 3 := by
  rw [Int.add_emod, Int.mul_emod a, Int.mul_emod b]
  have ha : a % 4 = 0 ∨ a % 4 = 1 ∨ a % 4 = 2 ∨ a % 4 = 3 := by omega
  have hb : b % 4 = 0 ∨ b % 4 = 1 ∨ b % 4 = 2 ∨ b % 4 = 3 := by omega
  rcases ha with e | e | e | e <;> rcases hb with f | f | f | f <;> rw [e, f] <;> decide

/-- Two integers whose squares and product add up to zero are zero. -/
theorem squares_and_product_make_zero (a b : Int) (h : a * a + a * b + b * b = 0) : a = 0 ∧ b = 0 := by
  have nonneg (x : Int) : 0 ≤ x * x := by rw [← Int.natAbs_mul_self]; omega
  have ea : (2 * b + a) * (2 * b + a) + 3 * (a * a) = 0 := by grind
  have eb : (2 * a + b) * (2 * a + b) + 3 * (b * b) = 0 := by grind
  have ha : a * a = 0 := by have := nonneg a; have := nonneg (2 * b + a); omega
  have hb : b * b = 0 := by have := nonneg b; have := nonneg (2 * a + b); omega
  exact ⟨(Int.mul_eq_zero.mp ha).elim id id, (Int.mul_eq_zero.mp hb).elim id id⟩

/-- The powers of 7 whose exponent is 2 more than a multiple of 4 end with a 9. -/
theorem last_digits_of_powers_of_seven (n : Nat) : 7 ^ (4 * n + 2) % 10 = 9 := by
  induction n with
  | zero => rfl
  | succ n ih =>
    have e : 7 ^ (4 * (n + 1) + 2) = 2401 * 7 ^ (4 * n + 2) := by
      rw [show 4 * (n + 1) + 2 = 4 * n + 2 + 4 by omega, Nat.pow_add _ _ 4, Nat.mul_comm]
    omega

/-- If a number and its reciprocal add up to an integer, then so do their squares. -/
theorem squares_of_number_and_reciprocal (x : Rat) (k : Int) (h0 : x ≠ 0) (h : x + 1 / x = k) :
    ∃ m : Int, x * x + 1 / (x * x) = m := by
  refine ⟨k * k - 2, ?_⟩
  have e : ((k * k - 2 : Int) : Rat) = (k : Rat) * k - 2 := by
    rw [Rat.intCast_sub, Rat.intCast_mul]; rfl
  rw [e, ← h]
  grind

/-! ## Divisibility -/

/-- A number and its fifth power end with the same digit. -/
theorem fifth_power_keeps_the_last_digit (n : Nat) : n ^ 5 % 10 = n % 10 := by
  have h : n % 10 < 10 := Nat.mod_lt _ (by omega)
  rw [Nat.pow_mod]
  generalize n % 10 = r at *
  revert r
  decide

/-- A power of 9 leaves the same as 8n + 1 when divided by 64. -/
theorem powers_of_nine_modulo_sixty_four (n : Nat) : 9 ^ n % 64 = (8 * n + 1) % 64 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Nat.pow_succ]; omega

/-- A common divisor of n² + 1 and n + 1 divides 2. -/
theorem gcd_of_square_and_next (n : Nat) : Nat.gcd (n * n + 1) (n + 1) ∣ 2 := by
  have h1 := Nat.gcd_dvd_left (n * n + 1) (n + 1)
  have h2 := Nat.gcd_dvd_right (n * n + 1) (n + 1)
  have h3 := Nat.dvd_add h1 (Nat.dvd_mul_left_of_dvd h2 2)
  have e : n * n + 1 + 2 * (n + 1) = 2 + (n + 1) * (n + 1) := by grind
  rw [e] at h3
  exact (Nat.dvd_add_left (Nat.dvd_mul_left_of_dvd h2 _)).mp h3

/-- A multiple of a positive number that divides its double is the number or the double. -/
theorem between_a_number_and_its_double (a b : Nat) (ha : 0 < a) (h : a ∣ b) (k : b ∣ 2 * a) : b = a ∨ b = 2 * a := by
  obtain ⟨c, rfl⟩ := h
  have hc : c ∣ 2 := by
    rw [Nat.mul_comm 2 a] at k
    exact Nat.dvd_of_mul_dvd_mul_left ha k
  have := Nat.le_of_dvd (by omega) hc
  have c0 : c ≠ 0 := by rintro rfl; simp at hc
  have : c = 1 ∨ c = 2 := by omega
  rcases this with rfl | rfl <;> omega

/-- If a divides the square of b, and b the cube of c, then a divides the fifth power of c. -/
theorem chain_of_divided_powers.disproof : ¬ (∀ (a b c : Nat) (h : a ∣ b ^ 2) (k : b ∣ c ^ 3), a ∣ c ^ 5) := by
  intro h
  exact absurd (h 64 8 2 (by decide) (by decide)) (by decide)

/-! ## Inequalities -/

/-- The factorial. -/
def fact : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * fact n

/-- The squares of three integers are together at least their products by pairs. -/
theorem squares_and_products_by_pairs (a b c : Int) : a * b + b * c + c * a ≤ a * a + b * b + c * c := by
  have nonneg (x : Int) : 0 ≤ x * x := by rw [← Int.natAbs_mul_self]; omega
  have h1 := nonneg (a - b)
  have h2 := nonneg (b - c)
  have h3 := nonneg (c - a)
  grind

/-- A positive rational number and its reciprocal make at least 2. -/
theorem number_and_reciprocal (x : Rat) (h : 0 < x) : 2 ≤ x + 1 / x := by
  have hi : 0 < x⁻¹ := Rat.inv_pos.mpr h
  have hs : 0 ≤ (x - 1) * (x - 1) := by
    rcases Rat.le_total (a := x) (b := 1) with k | k
    · have := Rat.mul_nonneg (a := 1 - x) (b := 1 - x) (by grind) (by grind)
      grind
    · exact Rat.mul_nonneg (by grind) (by grind)
  have := Rat.mul_nonneg hs (Rat.le_of_lt hi)
  have e : (x - 1) * (x - 1) * x⁻¹ = x + 1 / x - 2 := by grind
  grind

/-- The cube of a number is at most the power of 3 with that exponent. -/
theorem cube_against_power_of_three (n : Nat) : n ^ 3 ≤ 3 ^ n := by
  have large (k : Nat) : (k + 3) ^ 3 ≤ 3 ^ (k + 3) := by
    induction k with
    | zero => decide
    | succ k ih =>
      rw [show k + 1 + 3 = k + 3 + 1 by omega, Nat.pow_succ 3]
      have : (k + 3 + 1) ^ 3 ≤ (k + 3) ^ 3 * 3 := by grind
      omega
  match n with
  | 0 => decide
  | 1 => decide
  | 2 => decide
  | k + 3 => exact large k

/-- From 4 on, a factorial is more than the power of 2. -/
theorem factorial_against_power_of_two (n : Nat) (h : 4 ≤ n) : 2 ^ n < fact n := by
  obtain ⟨k, rfl⟩ := Nat.exists_eq_add_of_le h
  induction k with
  | zero => decide
  | succ k ih =>
    have := ih (by omega)
    rw [← Nat.add_assoc, Nat.pow_succ, fact]
    have := Nat.mul_le_mul_right (fact (4 + k)) (show 2 ≤ 4 + k + 1 by omega)
    omega

/-- Bernoulli's inequality for a rational number that is not negative. -/
theorem bernoulli_for_rationals (x : Rat) (h : 0 ≤ x) (n : Nat) : 1 + n * x ≤ (1 + x) ^ n := by
  induction n with
  | zero => simp; grind
  | succ n ih =>
    have k : ((n + 1 : Nat) : Rat) = (n : Rat) + 1 := by simp
    have hn : 0 ≤ (n : Rat) * (x * x) := Rat.mul_nonneg Rat.natCast_nonneg (Rat.mul_nonneg h h)
    have := Rat.mul_le_mul_of_nonneg_right ih (show 0 ≤ 1 + x by grind)
    rw [Rat.pow_succ]
    grind

/-! ## Induction -/

/-- The sum of the first n positive squares. -/
def squareSum : Nat → Nat
  | 0 => 0
  | n + 1 => squareSum n + (n + 1) ^ 2

/-- The Fibonacci numbers, from 0 and 1. -/
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

/-- The sum of k times the factorial of k, for k below n. -/
def factSum : Nat → Nat
  | 0 => 0
  | n + 1 => factSum n + n * fact n

/-- The sum 1 - 2 + 3 - 4 … of n terms. -/
def alternating : Nat → Int
  | 0 => 0
  | n + 1 => if n % 2 = 0 then alternating n + (n + 1) else alternating n - (n + 1)

/-- Six times the sum of the first n squares is a product. -/
theorem sum_of_squares (n : Nat) : 6 * squareSum n = n * (n + 1) * (2 * n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih => rw [squareSum, Nat.mul_add, ih]; grind

/-- A Fibonacci number is less than the power of two. -/
theorem fibonacci_below_power_of_two (n : Nat) : fib n < 2 ^ n := by
  have h : fib n < 2 ^ n ∧ fib (n + 1) < 2 ^ (n + 1) := by
    induction n with
    | zero => decide
    | succ n ih => rw [fib, Nat.pow_succ 2 (n + 1), Nat.pow_succ] at *; omega
  exact h.1

/-- A Fibonacci number is even just where three divides its place. -/
theorem every_third_fibonacci_number_is_even (n : Nat) : fib n % 2 = 0 ↔ n % 3 = 0 := by
  have h (k : Nat) : fib (3 * k) % 2 = 0 ∧ fib (3 * k + 1) % 2 = 1 := by
    induction k with
    | zero => decide
    | succ k ih => simp only [show 3 * (k + 1) = 3 * k + 1 + 2 by omega, fib] at *; omega
  have hk := h (n / 3)
  have : n = 3 * (n / 3) ∨ n = 3 * (n / 3) + 1 ∨ n = 3 * (n / 3) + 2 := by omega
  have next : fib (3 * (n / 3) + 2) = fib (3 * (n / 3)) + fib (3 * (n / 3) + 1) := rfl
  rcases this with e | e | e <;> rw [e] <;> omega

/-- The n-th Fibonacci number is at most the square of n. -/
theorem fibonacci_against_squares.disproof : ¬ (∀ (n : Nat), fib n ≤ n * n) := by
  intro h
  exact absurd (h 13) (by decide)

/-- Every k times its factorial, added up for k below n, makes the factorial of n but for 1. -/
theorem sum_of_factorials (n : Nat) : factSum (n + 1) + 1 = fact (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    have left : factSum (n + 2) = factSum (n + 1) + (n + 1) * fact (n + 1) := rfl
    have right : fact (n + 2) = (n + 2) * fact (n + 1) := rfl
    rw [left, right]
    grind

/-- After an even number of terms, 1 - 2 + 3 - 4 … has gone down by half of it. -/
theorem alternating_sum (n : Nat) : alternating (2 * n) = -n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    have h0 : 2 * n % 2 = 0 := by omega
    have h1 : (2 * n + 1) % 2 ≠ 0 := by omega
    rw [show 2 * (n + 1) = 2 * n + 1 + 1 by omega, alternating, if_neg h1, alternating, if_pos h0, ih]
    omega

/-! ## Lists -/

/-- Puts the members of a list, one after the other, before another list. -/
def pour {α : Type} : List α → List α → List α
  | [], ys => ys
  | x :: xs, ys => pour xs (x :: ys)

/-- The first, the third, the fifth member and so on. -/
def everyOther {α : Type} : List α → List α
  | [] => []
  | [x] => [x]
  | x :: _ :: xs => x :: everyOther xs

/-- A member of one list, a member of the other, and so on; what is left of the longer one in the end. -/
def interleave {α : Type} : List α → List α → List α
  | [], ys => ys
  | x :: xs, ys => match ys with
    | [] => x :: xs
    | y :: ys => x :: y :: interleave xs ys

/-- Poured into an empty list, a list is reversed. -/
theorem pouring_reverses {α : Type} (xs : List α) : pour xs [] = xs.reverse := by
  have h (xs ys : List α) : pour xs ys = xs.reverse ++ ys := by
    induction xs generalizing ys with
    | nil => rfl
    | cons x xs ih => simp [pour, ih]
  simp [h]

/-- Every other member: half of the length, rounded up. -/
theorem length_of_every_other {α : Type} (xs : List α) : (everyOther xs).length = (xs.length + 1) / 2 := by
  induction xs using everyOther.induct with
  | case1 => simp [everyOther]
  | case2 x => simp [everyOther]
  | case3 x y xs ih => simp [everyOther, ih]; omega

/-- Two lists, interleaved, are as long as both together. -/
theorem length_of_interleaved_lists {α : Type} (xs ys : List α) :
    (interleave xs ys).length = xs.length + ys.length := by
  induction xs generalizing ys with
  | nil => simp [interleave]
  | cons x xs ih =>
    cases ys with
    | nil => simp [interleave]
    | cons y ys => simp [interleave, ih]; omega

/-- A list of numbers whose sum is less than its length has a zero in it. -/
theorem small_sum_has_a_zero (xs : List Nat) (h : xs.sum < xs.length) : 0 ∈ xs := by
  induction xs with
  | nil => simp at h
  | cons x xs ih =>
    rcases Nat.eq_zero_or_pos x with e | e
    · simp [e]
    · simp at h
      exact List.mem_cons_of_mem _ (ih (by omega))

/-! ## Logic -/

/-- What holds of 0 and 1, and with every number of the second after it, holds of all numbers. -/
theorem induction_in_steps_of_two (p : Nat → Prop) (h0 : p 0) (h1 : p 1) (step : ∀ n, p n → p (n + 2)) (n : Nat) :
    p n := by
  have h : p n ∧ p (n + 1) := by
    induction n with
    | zero => exact ⟨h0, h1⟩
    | succ n ih => exact ⟨ih.2, step n ih.1⟩
  exact h.1

/-- What can always be found again for a smaller number holds of no number. -/
theorem infinite_descent (p : Nat → Prop) (h : ∀ n, p n → ∃ m, m < n ∧ p m) (n : Nat) : ¬p n := by
  induction n using Nat.strongRecOn with
  | ind n ih =>
    intro hn
    obtain ⟨m, hm, hp⟩ := h n hn
    exact ih m hm hp

/-- What holds of some number holds of a first one. -/
theorem first_number_with_a_property (p : Nat → Prop) (h : ∃ n, p n) : ∃ n, p n ∧ ∀ m, m < n → ¬p m := by
  obtain ⟨n, hn⟩ := h
  induction n using Nat.strongRecOn with
  | ind n ih =>
    by_cases e : ∃ m, m < n ∧ p m
    · obtain ⟨m, hm, hp⟩ := e
      exact ih m hm hp
    · exact ⟨n, hn, fun m hm hp => e ⟨m, hm, hp⟩⟩

/-- What holds of 1, and with every number of its double and of the third after it, holds of all positive numbers. -/
theorem doubles_and_threes.disproof :
    ¬ (∀ (p : Nat → Prop) (h1 : p 1) (double : ∀ n, p n → p (2 * n))
    (three : ∀ n, p n → p (n + 3)),
      ∀ n, 0 < n → p n) := by
  intro h
  exact h (fun n => n % 3 ≠ 0) (by decide) (fun n => by omega) (fun n => by omega) 3 (by decide) rfl

/-! ## Counting -/

/-- The number of ways to choose k of n things, by Pascal's rule. -/
def choose : Nat → Nat → Nat
  | _, 0 => 1
  | 0, _ + 1 => 0
  | n + 1, k + 1 => choose n k + choose n (k + 1)

/-- The shortest paths on a grid to a corner m to the right and n up. -/
def paths : Nat → Nat → Nat
  | 0, _ => 1
  | _ + 1, 0 => 1
  | m + 1, n + 1 => paths m (n + 1) + paths (m + 1) n

/-- Every list of some lists, without and with one more thing at its front. -/
def withAndWithout {α : Type} (x : α) : List (List α) → List (List α)
  | [] => []
  | ys :: rest => ys :: (x :: ys) :: withAndWithout x rest

/-- All sublists of a list. -/
def sublists {α : Type} : List α → List (List α)
  | [] => [[]]
  | x :: xs => withAndWithout x (sublists xs)

/-- The ways to tile a board of 2 by n with dominoes. -/
def tilings : Nat → Nat
  | 0 => 1
  | 1 => 1
  | n + 2 => tilings (n + 1) + tilings n

/-- There are as many paths to the right and up as up and to the right. -/
theorem paths_are_symmetric (m n : Nat) : paths m n = paths n m := by
  induction m generalizing n with
  | zero => cases n <;> simp [paths]
  | succ m ihm =>
    induction n with
    | zero => simp [paths]
    | succ n ihn => rw [paths, paths, ihm, ihn, Nat.add_comm]

/-- All of n things can be chosen in one way. -/
theorem one_way_to_choose_all (n : Nat) : choose n n = 1 := by
  have none (n k : Nat) : choose n (n + k + 1) = 0 := by
    induction n generalizing k with
    | zero => simp [choose]
    | succ n ih =>
      have := ih k
      have := ih (k + 1)
      grind [choose]
  induction n with
  | zero => rfl
  | succ n ih => rw [choose, ih]; have := none n 0; simp at this; omega

/-- An odd number divides all numbers of its row of Pascal's triangle but those at the ends. -/
theorem odd_number_divides_its_row.disproof :
    ¬ (∀ (n k : Nat) (odd : n % 2 = 1) (h0 : 0 < k) (h : k < n),
      n ∣ choose n k) := by
  intro h
  exact absurd (h 9 3 (by decide) (by decide) (by decide)) (by decide)

/-- A list of n things has 2 to the power of n sublists. -/
theorem number_of_sublists {α : Type} (xs : List α) : (sublists xs).length = 2 ^ xs.length := by
  have twice (x : α) (lists : List (List α)) : (withAndWithout x lists).length = 2 * lists.length := by
    induction lists with
    | nil => rfl
    | cons ys rest ih => simp only [withAndWithout, List.length_cons, ih]; omega
  induction xs with
  | nil => rfl
  | cons x xs ih => rw [sublists, twice, ih, List.length_cons, Nat.pow_succ, Nat.mul_comm]

/-- The tilings of a board are Fibonacci numbers. -/
theorem tilings_are_fibonacci_numbers (n : Nat) : tilings n = fib (n + 1) := by
  have h : tilings n = fib (n + 1) ∧ tilings (n + 1) = fib (n + 2) := by
    induction n with
    | zero => decide
    | succ n ih => simp only [tilings, fib] at *; omega
  exact h.1

/-- Half of the numbers below 2n are even. -/
theorem half_of_the_numbers_are_even (n : Nat) : ((List.range (2 * n)).filter (fun k => k % 2 = 0)).length = n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [show 2 * (n + 1) = 2 * n + 1 + 1 by omega, List.range_succ, List.range_succ]
    simp only [List.filter_append, List.length_append, ih]
    simp

/-! ## Functions -/

/-- A strictly increasing function that never exceeds its argument changes nothing. -/
theorem increasing_and_not_above (f : Nat → Nat) (inc : ∀ m n, m < n → f m < f n) (h : ∀ n, f n ≤ n) (n : Nat) :
    f n = n := by
  have low (n : Nat) : n ≤ f n := by
    induction n with
    | zero => omega
    | succ n ih => have := inc n (n + 1) (by omega); omega
  exact Nat.le_antisymm (h n) (low n)

/-- A function that makes products of sums, and maps 1 to 2, is the power of two. -/
theorem sums_to_products (f : Nat → Nat) (h : ∀ m n, f (m + n) = f m * f n) (h1 : f 1 = 2) (n : Nat) :
    f n = 2 ^ n := by
  have h0 : f 0 = 1 := by have := h 0 1; simp [h1] at this; omega
  induction n with
  | zero => simp [h0]
  | succ n ih => rw [h, h1, ih, Nat.pow_succ]

/-- A function with f(m + n) = f(m) + f(n) + 2mn and f(1) = 1 is the square. -/
theorem squares_by_an_equation (f : Nat → Nat) (h : ∀ m n, f (m + n) = f m + f n + 2 * m * n) (h1 : f 1 = 1) (n : Nat) :
    f n = n * n := by
  induction n with
  | zero => have := h 0 0; simp at this; omega
  | succ n ih => rw [h, ih, h1]; grind

/-- A sequence that falls by at least one at every step, as long as it can, is zero after as many steps as it had. -/
theorem falling_to_zero (f : Nat → Nat) (h : ∀ n, f (n + 1) ≤ f n - 1) : f (f 0) = 0 := by
  have low (n : Nat) : f n ≤ f 0 - n := by
    induction n with
    | zero => simp
    | succ n ih => have := h n; omega
  have := low (f 0)
  omega

/-- A function with f(x + f(y)) = f(x) + y is its own inverse. -/
theorem equation_of_an_involution (f : Int → Int) (h : ∀ x y, f (x + f y) = f x + y) (x : Int) : f (f x) = x := by
  have h0 : f 0 = 0 := by
    have h1 := h 0 0
    have h2 := h (-f 0) 0
    have h3 := h (f 0) (-f 0)
    have h4 := h 0 (f 0)
    grind
  have := h 0 x
  simpa [h0] using this

end Core
