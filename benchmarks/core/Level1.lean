/-! # The core suite, level 1: a computation, one unfolding or one decision procedure -/

namespace Core

/-! ## Arithmetic -/

/-- The last digit of 7 to the power of 222 is 9. -/
theorem last_digit_of_a_power_of_seven : 7 ^ 222 % 10 = 9 := by
  sorry

/-- The product of two sums of two squares is a sum of two squares. -/
theorem product_of_sums_of_squares (a b c d : Int) :
    (a * a + b * b) * (c * c + d * d) = (a * c - b * d) ^ 2 + (a * d + b * c) ^ 2 := by
  sorry

/-- One half, one third and one sixth make a whole. -/
theorem half_third_sixth : (1 / 2 : Rat) + 1 / 3 + 1 / 6 = 1 := by
  sorry

/-- If three rational numbers add up to zero, then their cubes add up to three times their product. -/
theorem cubes_of_a_zero_sum (x y z : Rat) (h : x + y + z = 0) : x ^ 3 + y ^ 3 + z ^ 3 = 3 * x * y * z := by
  sorry

/-- Half of a sum is the sum of the halves, rounded down each time. -/
theorem half_of_a_sum (a b : Nat) : (a + b) / 2 = a / 2 + b / 2 := by
  sorry

/-- Going down by a fifth of 5n and up again by a quarter of the rest ends where it began. -/
theorem down_a_fifth_up_a_quarter (n : Nat) : (5 * n - 5 * n / 5) + (5 * n - 5 * n / 5) / 4 = 5 * n := by
  sorry

/-! ## Divisibility -/

/-- The greatest common divisor of 1071 and 462 is 21. -/
theorem gcd_of_two_given_numbers : Nat.gcd 1071 462 = 21 := by
  sorry

/-- If an integer leaves 3 when divided by 5, then its negative leaves 2. -/
theorem remainder_of_a_negative (n : Int) (h : n % 5 = 3) : (-n) % 5 = 2 := by
  sorry

/-- No number leaves 2 when divided by 4 and 1 when divided by 6. -/
theorem incompatible_remainders (n : Nat) : ¬(n % 4 = 2 ∧ n % 6 = 1) := by
  sorry

/-- A number that 4 and 6 divide is divisible by 24. -/
theorem divisible_by_four_and_six (n : Nat) (h4 : 4 ∣ n) (h6 : 6 ∣ n) : 24 ∣ n := by
  sorry

/-- If 7 divides 3a + b, then it divides a + 5b as well. -/
theorem seven_divides_a_combination (a b : Int) (h : 7 ∣ 3 * a + b) : 7 ∣ a + 5 * b := by
  sorry

/-! ## Inequalities -/

/-- The mean of two integers, rounded down, lies between them. -/
theorem mean_lies_between (a b : Int) (h : a ≤ b) : a ≤ (a + b) / 2 ∧ (a + b) / 2 ≤ b := by
  sorry

/-- The middle of two rational numbers is strictly between them. -/
theorem middle_is_strictly_between (x y : Rat) (h : x < y) : x < (x + y) / 2 ∧ (x + y) / 2 < y := by
  sorry

/-- The distance from a to c is at most that from a to b and that from b to c together. -/
theorem detour_is_no_shorter (a b c : Int) : (a - c).natAbs ≤ (a - b).natAbs + (b - c).natAbs := by
  sorry

/-- Below 14, a square is at most one more than the power of two. -/
theorem small_squares_and_powers : ∀ n < 14, n ^ 2 ≤ 2 ^ n + 1 := by
  sorry

/-- Of two rational numbers whose sum is more than 1, one is more than one half. -/
theorem one_of_two_exceeds_half (x y : Rat) (h : 1 < x + y) : 1 / 2 < x ∨ 1 / 2 < y := by
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

/-- The thirtieth triangular number is 465. -/
theorem thirtieth_triangular_number : triangular 30 = 465 := by
  sorry

/-- Two steps further, a triangular number has grown by 2n + 3. -/
theorem triangular_two_steps (n : Nat) : triangular (n + 2) = triangular n + 2 * n + 3 := by
  sorry

/-- A Fibonacci number by those that are two and three places before it. -/
theorem fib_three_places_back (n : Nat) : fib (n + 3) = 2 * fib (n + 1) + fib n := by
  sorry

/-- Up to the eleventh, a Fibonacci number is less than a hundred. -/
theorem fib_below_a_hundred : ∀ n ≤ 11, fib n < 100 := by
  sorry

/-! ## Lists -/

/-- A list before and behind another one counts twice for the length. -/
theorem length_of_a_sandwich (xs ys : List Nat) : (xs ++ ys ++ xs).length = 2 * xs.length + ys.length := by
  sorry

/-- The squares of 1, 2, 3, 4 and 5 add up to 55. -/
theorem sum_of_five_squares : ([1, 2, 3, 4, 5].map (fun x => x * x)).sum = 55 := by
  sorry

/-- A list followed by its reverse reads the same from behind. -/
theorem list_and_mirror_image {α : Type} (xs : List α) : (xs ++ xs.reverse).reverse = xs ++ xs.reverse := by
  sorry

/-- The first n of two lists, one behind the other, are the first n of the one and the first n of the other. -/
theorem take_of_two_lists (xs ys : List Nat) (n : Nat) : (xs ++ ys).take n = xs.take n ++ ys.take n := by
  sorry

/-- Without its first two and without its last, a list of five has two left. -/
theorem what_is_left_of_five (xs : List Int) (h : xs.length = 5) : ((xs.drop 2).dropLast).length = 2 := by
  sorry

/-! ## Logic -/

/-- Three claims that imply each other in a circle are equivalent. -/
theorem circle_of_implications (p q r : Prop) (h : (p → q) ∧ (q → r) ∧ (r → p)) : (p ↔ q) ∧ (q ↔ r) := by
  sorry

/-- Of two claims, one implies the other. -/
theorem one_implies_the_other (p q : Prop) : (p → q) ∨ (q → p) := by
  sorry

/-- The brackets of two implications may be moved to the left. -/
theorem moving_brackets_to_the_left (p q r : Prop) : (p → (q → r)) → ((p → q) → r) := by
  sorry

/-- If somebody is liked by everybody, then everybody likes somebody. -/
theorem liked_by_everybody (likes : Nat → Nat → Prop) (h : ∃ x, ∀ y, likes y x) : ∀ y, ∃ x, likes y x := by
  sorry

/-- That a holds with b, or a without b, or c without a, is that a holds or c. -/
theorem boolean_case_distinction (a b c : Bool) : (a && b || a && !b || !a && c) = (a || c) := by
  sorry

/-! ## Counting -/

/-- The number of ways to choose k of n things, by Pascal's rule. -/
def choose : Nat → Nat → Nat
  | _, 0 => 1
  | 0, _ + 1 => 0
  | n + 1, k + 1 => choose n k + choose n (k + 1)

/-- There are 35 ways to choose three of seven things. -/
theorem three_of_seven : choose 7 3 = 35 := by
  sorry

/-- The sixth row of Pascal's triangle adds up to 64. -/
theorem sum_of_the_sixth_row : ((List.range 7).map (choose 6)).sum = 64 := by
  sorry

/-- Fourteen numbers below a hundred leave 3 when divided by 7. -/
theorem numbers_with_a_remainder : ((List.range 100).filter (fun n => n % 7 = 3)).length = 14 := by
  sorry

/-- Of three bits, two are the same. -/
theorem two_of_three_bits_agree (a b c : Nat) (ha : a < 2) (hb : b < 2) (hc : c < 2) : a = b ∨ b = c ∨ a = c := by
  sorry

/-! ## Functions -/

/-- A function that grows by 3 at every step has grown by 12 after four. -/
theorem four_steps_of_three (f : Nat → Nat) (h : ∀ n, f (n + 1) = f n + 3) : f 4 = f 0 + 12 := by
  sorry

/-- A function that keeps differences maps zero to zero. -/
theorem keeps_differences_keeps_zero (f : Int → Int) (h : ∀ x y, f (x - y) = f x - f y) : f 0 = 0 := by
  sorry

/-- A function that is its own inverse takes no value twice. -/
theorem own_inverse_takes_no_value_twice (f : Nat → Nat) (h : ∀ x, f (f x) = x) (x y : Nat) (e : f x = f y) :
    x = y := by
  sorry

/-- On the rational numbers, x ↦ 2x + 1 and x ↦ (x - 1) / 2 undo each other. -/
theorem inverse_of_a_linear_function (f g : Rat → Rat) (hf : ∀ x, f x = 2 * x + 1) (hg : ∀ x, g x = (x - 1) / 2)
    (x : Rat) : f (g x) = x ∧ g (f x) = x := by
  sorry

end Core
