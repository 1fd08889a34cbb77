/-! # The core suite, level 3: an induction whose step needs thought, or two ideas together -/

namespace Core

/-! ## Arithmetic -/

/-- The sum of two squares never leaves 3 when divided by 4. -/
theorem two_squares_never_leave_three (a b : Int) : (a * a + b * b) % 4 ≠ 3 := by
  sorry

/-- Two integers whose squares and product add up to zero are zero. -/
theorem squares_and_product_make_zero (a b : Int) (h : a * a + a * b + b * b = 0) : a = 0 ∧ b = 0 := by
  sorry

/-- The powers of 7 whose exponent is 2 more than a multiple of 4 end with a 9. -/
theorem last_digits_of_powers_of_seven (n : Nat) : 7 ^ (4 * n + 2) % 10 = 9 := by
  sorry

/-- If a number and its reciprocal add up to an integer, then so do their squares. -/
theorem squares_of_number_and_reciprocal (x : Rat) (k : Int) (h0 : x ≠ 0) (h : x + 1 / x = k) :
    ∃ m : Int, x * x + 1 / (x * x) = m := by
  sorry

/-! ## Divisibility -/

/-- A number and its fifth power end with the same digit. -/
theorem fifth_power_keeps_the_last_digit (n : Nat) : n ^ 5 % 10 = n % 10 := by
  sorry

/-- A power of 9 leaves the same as 8n + 1 when divided by 64. -/
theorem powers_of_nine_modulo_sixty_four (n : Nat) : 9 ^ n % 64 = (8 * n + 1) % 64 := by
  sorry

/-- A common divisor of n² + 1 and n + 1 divides 2. -/
theorem gcd_of_square_and_next (n : Nat) : Nat.gcd (n * n + 1) (n + 1) ∣ 2 := by
  sorry

/-- A multiple of a positive number that divides its double is the number or the double. -/
theorem between_a_number_and_its_double (a b : Nat) (ha : 0 < a) (h : a ∣ b) (k : b ∣ 2 * a) : b = a ∨ b = 2 * a := by
  sorry

/-- If a divides the square of b, and b the cube of c, then a divides the fifth power of c. -/
theorem chain_of_divided_powers (a b c : Nat) (h : a ∣ b ^ 2) (k : b ∣ c ^ 3) : a ∣ c ^ 5 := by
  sorry

/-! ## Inequalities -/

/-- The factorial. -/
def fact : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * fact n

/-- The squares of three integers are together at least their products by pairs. -/
theorem squares_and_products_by_pairs (a b c : Int) : a * b + b * c + c * a ≤ a * a + b * b + c * c := by
  sorry

/-- A positive rational number and its reciprocal make at least 2. -/
theorem number_and_reciprocal (x : Rat) (h : 0 < x) : 2 ≤ x + 1 / x := by
  sorry

/-- The cube of a number is at most the power of 3 with that exponent. -/
theorem cube_against_power_of_three (n : Nat) : n ^ 3 ≤ 3 ^ n := by
  sorry

/-- From 4 on, a factorial is more than the power of 2. -/
theorem factorial_against_power_of_two (n : Nat) (h : 4 ≤ n) : 2 ^ n < fact n := by
  sorry

/-- Bernoulli's inequality for a rational number that is not negative. -/
theorem bernoulli_for_rationals (x : Rat) (h : 0 ≤ x) (n : Nat) : 1 + n * x ≤ (1 + x) ^ n := by
  sorry

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
  sorry

/-- A Fibonacci number is less than the power of two. -/
theorem fibonacci_below_power_of_two (n : Nat) : fib n < 2 ^ n := by
  sorry

/-- A Fibonacci number is even just where three divides its place. -/
theorem every_third_fibonacci_number_is_even (n : Nat) : fib n % 2 = 0 ↔ n % 3 = 0 := by
  sorry

/-- The n-th Fibonacci number is at most the square of n. -/
theorem fibonacci_against_squares (n : Nat) : fib n ≤ n * n := by
  sorry

/-- Every k times its factorial, added up for k below n, makes the factorial of n but for 1. -/
theorem sum_of_factorials (n : Nat) : factSum (n + 1) + 1 = fact (n + 1) := by
  sorry

/-- After an even number of terms, 1 - 2 + 3 - 4 … has gone down by half of it. -/
theorem alternating_sum (n : Nat) : alternating (2 * n) = -n := by
  sorry

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
  sorry

/-- Every other member: half of the length, rounded up. -/
theorem length_of_every_other {α : Type} (xs : List α) : (everyOther xs).length = (xs.length + 1) / 2 := by
  sorry

/-- Two lists, interleaved, are as long as both together. -/
theorem length_of_interleaved_lists {α : Type} (xs ys : List α) :
    (interleave xs ys).length = xs.length + ys.length := by
  sorry

/-- A list of numbers whose sum is less than its length has a zero in it. -/
theorem small_sum_has_a_zero (xs : List Nat) (h : xs.sum < xs.length) : 0 ∈ xs := by
  sorry

/-! ## Logic -/

/-- What holds of 0 and 1, and with every number of the second after it, holds of all numbers. -/
theorem induction_in_steps_of_two (p : Nat → Prop) (h0 : p 0) (h1 : p 1) (step : ∀ n, p n → p (n + 2)) (n : Nat) :
    p n := by
  sorry

/-- What can always be found again for a smaller number holds of no number. -/
theorem infinite_descent (p : Nat → Prop) (h : ∀ n, p n → ∃ m, m < n ∧ p m) (n : Nat) : ¬p n := by
  sorry

/-- What holds of some number holds of a first one. -/
theorem first_number_with_a_property (p : Nat → Prop) (h : ∃ n, p n) : ∃ n, p n ∧ ∀ m, m < n → ¬p m := by
  sorry

/-- What holds of 1, and with every number of its double and of the third after it, holds of all positive numbers. -/
theorem doubles_and_threes (p : Nat → Prop) (h1 : p 1) (double : ∀ n, p n → p (2 * n))
    (three : ∀ n, p n → p (n + 3)) : ∀ n, 0 < n → p n := by
  sorry

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
  sorry

/-- All of n things can be chosen in one way. -/
theorem one_way_to_choose_all (n : Nat) : choose n n = 1 := by
  sorry

/-- An odd number divides all numbers of its row of Pascal's triangle but those at the ends. -/
theorem odd_number_divides_its_row (n k : Nat) (odd : n % 2 = 1) (h0 : 0 < k) (h : k < n) : n ∣ choose n k := by
  sorry

/-- A list of n things has 2 to the power of n sublists. -/
theorem number_of_sublists {α : Type} (xs : List α) : (sublists xs).length = 2 ^ xs.length := by
  sorry

/-- The tilings of a board are Fibonacci numbers. -/
theorem tilings_are_fibonacci_numbers (n : Nat) : tilings n = fib (n + 1) := by
  sorry

/-- Half of the numbers below 2n are even. -/
theorem half_of_the_numbers_are_even (n : Nat) : ((List.range (2 * n)).filter (fun k => k % 2 = 0)).length = n := by
  sorry

/-! ## Functions -/

/-- A strictly increasing function that never exceeds its argument changes nothing. -/
theorem increasing_and_not_above (f : Nat → Nat) (inc : ∀ m n, m < n → f m < f n) (h : ∀ n, f n ≤ n) (n : Nat) :
    f n = n := by
  sorry

/-- A function that makes products of sums, and maps 1 to 2, is the power of two. -/
theorem sums_to_products (f : Nat → Nat) (h : ∀ m n, f (m + n) = f m * f n) (h1 : f 1 = 2) (n : Nat) :
    f n = 2 ^ n := by
  sorry

/-- A function with f(m + n) = f(m) + f(n) + 2mn and f(1) = 1 is the square. -/
theorem squares_by_an_equation (f : Nat → Nat) (h : ∀ m n, f (m + n) = f m + f n + 2 * m * n) (h1 : f 1 = 1) (n : Nat) :
    f n = n * n := by
  sorry

/-- A sequence that falls by at least one at every step, as long as it can, is zero after as many steps as it had. -/
theorem falling_to_zero (f : Nat → Nat) (h : ∀ n, f (n + 1) ≤ f n - 1) : f (f 0) = 0 := by
  sorry

/-- A function with f(x + f(y)) = f(x) + y is its own inverse. -/
theorem equation_of_an_involution (f : Int → Int) (h : ∀ x y, f (x + f y) = f x + y) (x : Int) : f (f x) = x := by
  sorry

end Core
