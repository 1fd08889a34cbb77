/-! # The core suite, level 2: one idea, which is a case distinction, a lemma of the library or a plain induction -/

namespace Core

/-! ## Arithmetic -/

/-- No square leaves 3 when divided by 4. -/
theorem no_square_leaves_three (n k : Nat) : n * n ≠ 4 * k + 3 := by
  sorry

/-- The square of n + 1, divided by n + 2, is n without the remainder. -/
theorem square_divided_by_the_next (n : Nat) : (n + 1) ^ 2 / (n + 2) = n := by
  sorry

/-- The two rational numbers whose square is 2 more than themselves. -/
theorem square_is_two_more (x : Rat) (h : x * x = x + 2) : x = 2 ∨ x = -1 := by
  sorry

/-- Two integers whose squares add up to zero are zero. -/
theorem zero_sum_of_two_squares (a b : Int) (h : a * a + b * b = 0) : a = 0 ∧ b = 0 := by
  sorry

/-- Every power of 8 leaves 1 when divided by 7. -/
theorem powers_of_eight_modulo_seven (n : Nat) : 8 ^ n % 7 = 1 := by
  sorry

/-! ## Divisibility -/

/-- The product of three numbers in a row is divisible by 6. -/
theorem three_in_a_row (n : Nat) : 6 ∣ n * (n + 1) * (n + 2) := by
  sorry

/-- The numbers 2n + 1 and 3n + 1 have no common divisor but 1. -/
theorem two_linear_forms_are_coprime (n : Nat) : Nat.gcd (2 * n + 1) (3 * n + 1) = 1 := by
  sorry

/-- What divides a + b and a + 2b divides a. -/
theorem divides_both_sums (a b d : Int) (h : d ∣ a + b) (k : d ∣ a + 2 * b) : d ∣ a := by
  sorry

/-- The square of an odd number leaves 1 when divided by 8. -/
theorem odd_square_modulo_eight (n : Nat) (h : n % 2 = 1) : n * n % 8 = 1 := by
  sorry

/-- The values of n² + n + 41 have no divisor but 1 and themselves. -/
theorem divisors_of_a_quadratic (n d : Nat) (h : d ∣ n * n + n + 41) : d = 1 ∨ d = n * n + n + 41 := by
  sorry

/-! ## Inequalities -/

/-- Twice a product is at most the sum of the squares. -/
theorem twice_a_product (a b : Int) : 2 * a * b ≤ a * a + b * b := by
  sorry

/-- Large with large and small with small gives the larger sum of products. -/
theorem rearrangement_of_two (a b c d : Nat) (h : a ≤ b) (k : c ≤ d) : a * d + b * c ≤ a * c + b * d := by
  sorry

/-- From 4 on, a square is at least 3n + 4. -/
theorem square_beats_linear (n : Nat) (h : 4 ≤ n) : 3 * n + 4 ≤ n * n := by
  sorry

/-- A rational number between 0 and 1 is no smaller than its square. -/
theorem square_of_a_fraction (x : Rat) (h0 : 0 ≤ x) (h1 : x ≤ 1) : x * x ≤ x := by
  sorry

/-- The fourth power of a number is at most 16 more than the power of 4 with that exponent. -/
theorem fourth_power_against_power_of_four (n : Nat) : n ^ 4 ≤ 4 ^ n + 16 := by
  sorry

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
  sorry

/-- The Fibonacci numbers before the (n + 1)-th add up to one less than the (n + 2)-th. -/
theorem sum_of_fibonacci_numbers (n : Nat) : fibSum (n + 1) + 1 = fib (n + 2) := by
  sorry

/-- With one move more, a tower of n discs would take a power of two. -/
theorem moves_of_a_tower (n : Nat) : hanoi n + 1 = 2 ^ n := by
  sorry

/-- A power of 3 is at least 2n + 1. -/
theorem power_of_three_beats_linear (n : Nat) : 2 * n + 1 ≤ 3 ^ n := by
  sorry

/-! ## Lists -/

/-- If every number of a list is doubled, so is the sum. -/
theorem sum_of_doubles (xs : List Nat) : (xs.map (fun x => 2 * x)).sum = 2 * xs.sum := by
  sorry

/-- What a filter keeps and what it drops are as many as there were. -/
theorem kept_and_dropped {α : Type} (p : α → Bool) (xs : List α) :
    (xs.filter p).length + (xs.filter (fun x => !p x)).length = xs.length := by
  sorry

/-- A list whose sum is odd has an odd member. -/
theorem odd_sum_odd_member (xs : List Nat) (h : xs.sum % 2 = 1) : ∃ x ∈ xs, x % 2 = 1 := by
  sorry

/-- Two lists that give the same in either order are equal, or one of them is empty. -/
theorem lists_that_commute (xs ys : List Nat) (h : xs ++ ys = ys ++ xs) : xs = ys ∨ xs = [] ∨ ys = [] := by
  sorry

/-- If no member of a list is above 5, then the sum is at most 5 times the length. -/
theorem sum_of_small_members (xs : List Nat) (h : ∀ x ∈ xs, x ≤ 5) : xs.sum ≤ 5 * xs.length := by
  sorry

/-! ## Logic -/

/-- In every bar is somebody such that, if that one drinks, then everybody drinks. -/
theorem somebody_in_the_bar (drinks : Nat → Prop) : ∃ x, drinks x → ∀ y, drinks y := by
  sorry

/-- Nobody shaves exactly those who do not shave themselves. -/
theorem no_such_barber {α : Type} (shaves : α → α → Prop) : ¬∃ b, ∀ x, shaves b x ↔ ¬shaves x x := by
  sorry

/-- A symmetric and transitive relation in which everything is related to something is reflexive. -/
theorem related_to_itself {α : Type} (r : α → α → Prop) (symm : ∀ x y, r x y → r y x)
    (trans : ∀ x y z, r x y → r y z → r x z) (some : ∀ x, ∃ y, r x y) (x : α) : r x x := by
  sorry

/-- If of any two neighbours one is red, then there is a red number beyond each bound. -/
theorem red_beyond_each_bound (red : Nat → Prop) (h : ∀ n, red n ∨ red (n + 1)) (n : Nat) : ∃ m, n < m ∧ red m := by
  sorry

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
  sorry

/-- Twice the handshakes and one for everybody make a square. -/
theorem handshakes_make_a_square (n : Nat) : 2 * handshakes n + n = n * n := by
  sorry

/-- With n different things, no more than n places can be filled. -/
theorem too_many_places (n : Nat) : arrangements n (n + 1) = 0 := by
  sorry

/-- There is at least one way for every stair. -/
theorem as_many_climbs_as_stairs (n : Nat) : n ≤ climbs n := by
  sorry

/-! ## Functions -/

/-- A function with the period 4 has the same value after any number of periods. -/
theorem after_many_periods (f : Nat → Int) (h : ∀ n, f (n + 4) = f n) (n k : Nat) : f (n + 4 * k) = f n := by
  sorry

/-- If g undoes f, then f undoes g. -/
theorem undone_in_either_order (f g : Nat → Nat) (h : ∀ x, g (f x) = x) : ∀ x, f (g x) = x := by
  sorry

/-- A function that keeps sums is a multiplication. -/
theorem keeps_sums (f : Nat → Nat) (h : ∀ x y, f (x + y) = f x + f y) (n : Nat) : f n = n * f 1 := by
  sorry

/-- A function that adds 2 when it is done twice adds 2 to its value when 2 is added to its argument. -/
theorem two_steps_of_a_square_root (f : Int → Int) (h : ∀ x, f (f x) = x + 2) (x : Int) : f (x + 2) = f x + 2 := by
  sorry

/-- A sequence of integers that at least doubles from 1 on is at least a power of two. -/
theorem doubling_sequence (f : Nat → Int) (h0 : f 0 = 1) (h : ∀ n, 2 * f n ≤ f (n + 1)) (n : Nat) : 2 ^ n ≤ f n := by
  sorry

end Core
