/-!
# Core, level 4

What a person needs here: several lemmas, a generalised induction, or an invariant that has to be found.
Nothing is imported: definitions that a statement uses stand before it.
-/

namespace Core

/-! ## Arithmetic -/

/-- `sumTo f n` is `f 1 + f 2 + … + f n`. -/
def sumTo (f : Nat → Nat) : Nat → Nat
  | 0 => 0
  | n + 1 => sumTo f n + f (n + 1)

/-- The first `n` cubes add up to the square of the sum of the first `n` numbers. -/
theorem sum_of_cubes_is_square_of_sum (n : Nat) :
    sumTo (fun k => k ^ 3) n = sumTo (fun k => k) n ^ 2 := by
  sorry

/-- The power by repeated squaring: half of the exponent at each step. -/
def doublingPower (a n : Nat) : Nat :=
  if n = 0 then 1
  else if n % 2 = 0 then doublingPower (a * a) (n / 2)
  else a * doublingPower (a * a) (n / 2)

/-- Repeated squaring gives the power. -/
theorem repeated_squaring_gives_the_power (a n : Nat) : doublingPower a n = a ^ n := by
  sorry

/-- The product by doubling one factor and halving the other. -/
def peasant (a b : Nat) : Nat :=
  if b = 0 then 0 else peasant (a + a) (b / 2) + (if b % 2 = 0 then 0 else a)

/-- Doubling one factor while the other is halved gives the product. -/
theorem doubling_and_halving_multiplies (a b : Nat) : peasant a b = a * b := by
  sorry

/-- The integer square root, found by counting up. -/
def root : Nat → Nat
  | 0 => 0
  | n + 1 => if (root n + 1) ^ 2 ≤ n + 1 then root n + 1 else root n

/-- The square of `root n` is at most `n`, and that of its successor is above `n`. -/
theorem counted_root_is_the_integer_root (n : Nat) : root n ^ 2 ≤ n ∧ n < (root n + 1) ^ 2 := by
  sorry

/-- A number from 2 on that only 1 and itself divide. -/
def IsPrime (p : Nat) : Prop := 2 ≤ p ∧ ∀ d, d ∣ p → d = 1 ∨ d = p

/-- Twice a square plus 29 is prime. -/
theorem twice_a_square_and_twenty_nine_is_prime (n : Nat) : IsPrime (2 * n ^ 2 + 29) := by
  sorry

/-! ## Divisibility -/

/-- The sum of the decimal digits. -/
def digitSum (n : Nat) : Nat :=
  if n < 10 then n else n % 10 + digitSum (n / 10)

/-- A number and the sum of its decimal digits leave the same rest on division by 9. -/
theorem digit_sum_keeps_the_rest_by_nine (n : Nat) : digitSum n % 9 = n % 9 := by
  sorry

/-- The decimal digits with alternating signs, the last digit counted plus. -/
def alternatingDigitSum (n : Nat) : Int :=
  if n < 10 then n else (n % 10 : Nat) - alternatingDigitSum (n / 10)

/-- A number is divisible by 11 exactly when the alternating sum of its decimal digits is. -/
theorem eleven_divides_the_alternating_digit_sum (n : Nat) : 11 ∣ n ↔
    (11 : Int) ∣ alternatingDigitSum n := by
  sorry

/-- If the square of `n` divides the cube of `m`, then `n` divides `m`. -/
theorem base_divides_when_square_divides_cube (m n : Nat) (h : n ^ 2 ∣ m ^ 3) : n ∣ m := by
  sorry

/-- The product of five consecutive numbers is divisible by 120. -/
theorem five_consecutive_numbers (n : Nat) : 120 ∣ n * (n + 1) * (n + 2) * (n + 3) * (n + 4) := by
  sorry

/-- Up to a multiple of `a ^ 2`, the power `(a + 1) ^ n` is `1 + n * a`. -/
theorem power_of_successor_up_to_squares (a n : Nat) : ∃ q,
    (a + 1) ^ n = 1 + n * a + q * a ^ 2 := by
  sorry

/-- Of coprime numbers, the sum and the product are coprime. -/
theorem sum_and_product_stay_coprime (a b : Nat) (h : Nat.gcd a b = 1) : Nat.gcd (a + b)
    (a * b) = 1 := by
  sorry

/-- The Fibonacci numbers 0, 1, 1, 2, 3, 5, … -/
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

/-- The Fibonacci number at `m` divides the one at every multiple of `m`. -/
theorem fib_divides_fib_of_multiple (m k : Nat) : fib m ∣ fib (m * k) := by
  sorry

/-! ## Inequalities -/

/-- From `n` to `n + 1` as the base, the `n`-th power at least doubles. -/
theorem next_power_at_least_doubles (n : Nat) (h : 0 < n) : 2 * n ^ n ≤ (n + 1) ^ n := by
  sorry

/-- `ratSum f n` is `f 1 + f 2 + … + f n`. -/
def ratSum (f : Nat → Rat) : Nat → Rat
  | 0 => 0
  | n + 1 => ratSum f n + f (n + 1)

/-- The inverse squares add up to less than 2. -/
theorem inverse_squares_below_two (n : Nat) : ratSum (fun k => 1 / (k : Rat) ^ 2) n < 2 := by
  sorry

/-- For numbers that are not negative, the product of the pairwise sums is at least 8 times the product. -/
theorem pairwise_sums_against_eight_products (a b c : Rat) (ha : 0 ≤ a) (hb : 0 ≤ b) (hc : 0 ≤ c) :
    8 * a * b * c ≤ (a + b) * (b + c) * (c + a) := by
  sorry

/-- The product of the first `n` odd numbers. -/
def odds : Nat → Nat
  | 0 => 1
  | n + 1 => (2 * n + 1) * odds n

/-- The product of the first `n` even numbers from 2 on. -/
def evens : Nat → Nat
  | 0 => 1
  | n + 1 => (2 * n + 2) * evens n

/-- The square of `1 * 3 * … * (2 n - 1)`, taken `3 n + 1` times, is at most that of `2 * 4 * … * 2 n`. -/
theorem odds_against_evens (n : Nat) : (3 * n + 1) * odds n ^ 2 ≤ evens n ^ 2 := by
  sorry

/-- From 10 on, the `n`-th power of two is above the cube of `n`. -/
theorem power_of_two_beats_the_cube (n : Nat) (h : 10 ≤ n) : n ^ 3 < 2 ^ n := by
  sorry

/-! ## Induction -/

/-- The Fibonacci numbers with two accumulators. -/
def tailFib : Nat → Nat → Nat → Nat
  | 0, a, _ => a
  | n + 1, a, b => tailFib n b (a + b)

/-- The function with accumulators, started at 0 and 1, gives the Fibonacci numbers. -/
theorem accumulators_compute_fib (n : Nat) : tailFib n 0 1 = fib n := by
  sorry

/-- The Fibonacci number at `2 n + 1` is a sum of two squares of neighbours. -/
theorem fib_at_odd_index (n : Nat) : fib (2 * n + 1) = fib n ^ 2 + fib (n + 1) ^ 2 := by
  sorry

/-- Ackermann's function, after Rózsa Péter. -/
def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)

/-- Ackermann's function grows with its second argument, and at least as much with its first. -/
theorem ackermann_prefers_the_first_argument (m n : Nat) : ack m n < ack m (n + 1) ∧ ack m
    (n + 1) ≤ ack (m + 1) n := by
  sorry

/-- Of `n` in a circle every second one leaves; the place, counted from 0, of the last one. For `n = 0` it is 0.
-/
def survivor : Nat → Nat
  | 0 => 0
  | n + 1 => (survivor n + 2) % (n + 1)

/-- With `2 ^ m + l` in the circle, where `l` is below `2 ^ m`, the last one stands at place `2 l`. -/
theorem survivor_of_every_second (m l : Nat) (h : l < 2 ^ m) : survivor (2 ^ m + l) = 2 * l := by
  sorry

/-! ## Lists -/

/-- Sums and products of integers. -/
inductive Expr where
  | number (n : Int)
  | plus (a b : Expr)
  | times (a b : Expr)

/-- The value of an expression. -/
def eval : Expr → Int
  | .number n => n
  | .plus a b => eval a + eval b
  | .times a b => eval a * eval b

/-- The orders of a machine that has a stack of integers. -/
inductive Order where
  | push (n : Int)
  | add
  | mul

/-- What an order does to the stack; where operands are missing, nothing. -/
def step : Order → List Int → List Int
  | .push n, s => n :: s
  | .add, a :: b :: s => (b + a) :: s
  | .mul, a :: b :: s => (b * a) :: s
  | _, s => s

/-- The stack after a program, order by order. -/
def execute : List Order → List Int → List Int
  | [], s => s
  | o :: p, s => execute p (step o s)

/-- The program that computes an expression. -/
noncomputable def compile : Expr → List Order
  | .number n => [.push n]
  | .plus a b => compile a ++ compile b ++ [.add]
  | .times a b => compile a ++ compile b ++ [.mul]

/-- The compiled program, started on the empty stack, leaves the value of the expression and nothing else. -/
theorem compiler_is_correct (e : Expr) : execute (compile e) [] = [eval e] := by
  sorry

/-- Puts a number before the first one that is not smaller. -/
def place (x : Nat) : List Nat → List Nat
  | [] => [x]
  | y :: l => if x ≤ y then x :: y :: l else y :: place x l

/-- No number is above the one behind it. -/
def sorted : List Nat → Prop
  | [] => True
  | [_] => True
  | x :: y :: l => x ≤ y ∧ sorted (y :: l)

/-- Sorts by placing number after number. -/
def insertionSort : List Nat → List Nat
  | [] => []
  | x :: l => place x (insertionSort l)

/-- Insertion sort gives a sorted list in which each number occurs as often as before. -/
theorem insertion_sort_sorts (l : List Nat) : sorted (insertionSort l) ∧ ∀ x,
    (insertionSort l).count x = l.count x := by
  sorry

/-- The list as runs of equal numbers, each with its length. -/
def runs : List Nat → List (Nat × Nat)
  | [] => []
  | x :: l =>
    match runs l with
    | [] => [(1, x)]
    | (k, y) :: r => if x = y then (k + 1, y) :: r else (1, x) :: (k, y) :: r

/-- The list of which these are the runs. -/
noncomputable def unroll : List (Nat × Nat) → List Nat
  | [] => []
  | (k, x) :: r => List.replicate k x ++ unroll r

/-- A list written as runs and unrolled again is the list. -/
theorem unrolled_runs_are_the_list (l : List Nat) : unroll (runs l) = l := by
  sorry

/-- All lists that come of putting a number somewhere into a list. -/
noncomputable def everywhere (x : Nat) : List Nat → List (List Nat)
  | [] => [[x]]
  | y :: l => (x :: y :: l) :: (everywhere x l).map (y :: ·)

/-- All orders of a list. -/
noncomputable def arrangements : List Nat → List (List Nat)
  | [] => [[]]
  | x :: l => ((arrangements l).map (everywhere x)).flatten

/-- The factorial. -/
def factorial : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * factorial n

/-- A list of length `n` has `n!` arrangements, equal ones counted apart. -/
theorem arrangements_are_factorial_many (l : List Nat) :
    (arrangements l).length = factorial l.length := by
  sorry

/-- The list with each number once. -/
noncomputable def dedup : List Nat → List Nat
  | [] => []
  | x :: l => if x ∈ l then dedup l else x :: dedup l

/-- It is the same to remove repetitions and reverse a list, or to reverse it and remove them. -/
theorem removing_repetitions_commutes_with_reverse (l : List Nat) : dedup l.reverse =
    (dedup l).reverse := by
  sorry

/-! ## Logic -/

/-- No family of tests on a type, indexed by the type itself, contains all tests on it. -/
theorem no_enumeration_of_all_tests (A : Type) (f : A → (A → Bool)) : ∃ p, ∀ a, f a ≠ p := by
  sorry

/-- When the natural numbers get two colours, one colour occurs beyond every bound. -/
theorem one_colour_infinitely_often (f : Nat → Bool) : ∃ c, ∀ n, ∃ m, n ≤ m ∧ f m = c := by
  sorry

/-- `b` can be reached from `a` by finitely many steps of `r`. -/
inductive Reaches {A : Type} (r : A → A → Prop) : A → A → Prop where
  | here (a : A) : Reaches r a a
  | onward {a b c : A} : r a b → Reaches r b c → Reaches r a c

/-- If two different steps can always be joined by a step each, then so can two paths by paths. -/
theorem diamond_gives_confluence (A : Type) (r : A → A → Prop)
    (h : ∀ a b c, r a b → r a c → ∃ d, r b d ∧ r c d) (a b c : A) (hb : Reaches r a b) (hc : Reaches r a c) :
    ∃ d, Reaches r b d ∧ Reaches r c d := by
  sorry

/-- A sequence of natural numbers does not descend at every place. -/
theorem somewhere_no_descent (f : Nat → Nat) : ∃ n, f n ≤ f (n + 1) := by
  sorry

/-! ## Counting -/

/-- The binomial coefficients, by Pascal's rule. -/
def choose : Nat → Nat → Nat
  | _, 0 => 1
  | 0, _ + 1 => 0
  | n + 1, k + 1 => choose n k + choose n (k + 1)

/-- To choose `n` of `n + k` is to choose the `k` that are left out. -/
theorem choosing_is_leaving_out (n k : Nat) : choose (n + k) n = choose (n + k) k := by
  sorry

/-- A committee with a chair can be chosen first, or its chair. -/
theorem committee_with_a_chair (n k : Nat) : (k + 1) * choose (n + 1) (k + 1) =
    (n + 1) * choose n k := by
  sorry

/-- The entries of a column of Pascal's triangle add up to the entry below to the right. -/
theorem column_of_the_triangle (n k : Nat) : sumTo (fun j => choose j k) n + choose 0 k = choose
    (n + 1) (k + 1) := by
  sorry

/-- The number of permutations of `n` things that leave none in its place. -/
def derangements : Nat → Nat
  | 0 => 1
  | 1 => 0
  | n + 2 => (n + 1) * (derangements n + derangements (n + 1))

/-- The number of derangements follows from the one before it, up to a sign. -/
theorem derangements_from_one_before (n : Nat) : (derangements (n + 1) : Int) =
    (n + 1) * derangements n - (-1) ^ n := by
  sorry

/-- The number of ways to split `n` things into `k` blocks that are not empty. -/
def stirling : Nat → Nat → Nat
  | 0, 0 => 1
  | 0, _ + 1 => 0
  | _ + 1, 0 => 0
  | n + 1, k + 1 => stirling n k + (k + 1) * stirling n (k + 1)

/-- There is one split less of `n + 1` things into two blocks than subsets of `n`. -/
theorem splits_into_two_blocks (n : Nat) : stirling (n + 1) 2 + 1 = 2 ^ n := by
  sorry

/-- The regions into which the chords between `n + 1` points in general position on a circle cut its disc. -/
def regions (n : Nat) : Nat := choose n 0 + choose n 1 + choose n 2 + choose n 3 + choose n 4

/-- Up to seven points, each further point on the circle doubles the regions. -/
theorem regions_of_the_disc_double (n : Nat) (h : n < 6) : regions n = 2 ^ n := by
  sorry

/-- All words of `n` letters, of two kinds. -/
noncomputable def words : Nat → List (List Bool)
  | 0 => [[]]
  | n + 1 => (words n).map (false :: ·) ++ (words n).map (true :: ·)

/-- Whether no two neighbours are both true. -/
noncomputable def sparse : List Bool → Bool
  | true :: true :: _ => false
  | _ :: l => sparse l
  | [] => true

/-- The words of `n` letters in which no two neighbours are both true are counted by the Fibonacci numbers. -/
theorem sparse_words_are_fib_many (n : Nat) : ((words n).filter sparse).length = fib (n + 2) := by
  sorry

/-! ## Functions -/

/-- No function on the integers gives the successor when it is applied twice. -/
theorem no_half_of_the_successor (f : Int → Int) : ∃ n, f (f n) ≠ n + 1 := by
  sorry

/-- A sequence of integers that never rises by more than 1 passes 0 on its way from below to above. -/
theorem integer_path_meets_zero (f : Nat → Int) (step : ∀ n, f (n + 1) - f n ≤ 1) (start : f 0 ≤ 0)
    (m : Nat) (finish : 0 ≤ f m) : ∃ n, n ≤ m ∧ f n = 0 := by
  sorry

/-- A monotone function that maps the numbers up to `m` to themselves has a fixed point among them. -/
theorem monotone_on_a_segment_fixes_a_point (f : Nat → Nat) (m : Nat)
    (inside : ∀ k, k ≤ m → f k ≤ m) (mono : ∀ j k, j ≤ k → f j ≤ f k) : ∃ k, k ≤ m ∧ f k = k := by
  sorry

/-- An additive function on the integers is the multiplication by its value at 1. -/
theorem additive_on_integers_is_linear (f : Int → Int) (h : ∀ a b, f (a + b) = f a + f b)
    (n : Int) : f n = n * f 1 := by
  sorry

/-- A function on the integers with the periods 8 and 13 is constant. -/
theorem two_coprime_periods_leave_a_constant (f : Int → Int) (h : ∀ n, f (n + 8) = f n)
    (g : ∀ n, f (n + 13) = f n) (n : Int) : f n = f 0 := by
  sorry

end Core
