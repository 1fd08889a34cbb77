/-!
# Core, level 5

What a person needs here: a competition: the idea is the problem.
Nothing is imported: definitions that a statement uses stand before it.
-/

namespace Core

/-! ## Arithmetic -/

/-- A sum of two squares. -/
def TwoSquares (n : Nat) : Prop := ∃ a b, n = a ^ 2 + b ^ 2

/-- Beyond every bound there are three neighbours that are all sums of two squares. -/
theorem three_neighbours_of_two_squares (m : Nat) :
    ∃ n, m ≤ n ∧ TwoSquares n ∧ TwoSquares (n + 1) ∧ TwoSquares (n + 2) := by
  sorry

/-- A number from 2 on that only 1 and itself divide. -/
def IsPrime (p : Nat) : Prop := 2 ≤ p ∧ ∀ d, d ∣ p → d = 1 ∨ d = p

/-- A fourth power from 16 on, with 4 added, is not prime. -/
theorem fourth_power_and_four_is_composite (n : Nat) (h : 2 ≤ n) : ¬ IsPrime (n ^ 4 + 4) := by
  sorry

/-- Three times a square, unless it is 0, is no sum of two squares. -/
theorem three_times_a_square_is_no_sum_of_two (x y z : Nat) (h : x ^ 2 + y ^ 2 = 3 * z ^ 2) :
    z = 0 := by
  sorry

/-- Three cubes of integers do not add up to a number that leaves 4 on division by 9. -/
theorem three_cubes_leave_no_four (a b c : Int) : (a ^ 3 + b ^ 3 + c ^ 3) % 9 ≠ 4 := by
  sorry

/-- A cube and twice a cube make four times a cube only where all three are 0. -/
theorem cubes_with_weights_one_two_four (x y z : Nat) (h : x ^ 3 + 2 * y ^ 3 = 4 * z ^ 3) :
    x = 0 ∧ y = 0 ∧ z = 0 := by
  sorry

/-- The numbers 31, 331, 3331, … are prime. -/
theorem threes_and_a_last_one_make_a_prime (n p : Nat) (h : 3 * p + 7 = 10 ^ (n + 2)) :
    IsPrime p := by
  sorry

/-! ## Divisibility -/

/-- A number from 2 on that divides `2 ^ n - 2`, as primes do, is prime. -/
theorem divisor_of_power_of_two_less_two_is_prime (n : Nat) (big : 2 ≤ n) (h : n ∣ 2 ^ n - 2) :
    IsPrime n := by
  sorry

/-- The factorial. -/
def factorial : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * factorial n

/-- There are primes beyond every bound. -/
theorem primes_beyond_every_bound (n : Nat) : ∃ p, n < p ∧ IsPrime p := by
  sorry

/-- There are primes that leave 3 on division by 4 beyond every bound. -/
theorem primes_of_rest_three_by_four (n : Nat) : ∃ p, n < p ∧ IsPrime p ∧ p % 4 = 3 := by
  sorry

/-- There are arbitrarily many numbers in a row that are not prime. -/
theorem long_gaps_between_primes (n : Nat) : ∃ a, ∀ k, k < n → ¬ IsPrime (a + k) := by
  sorry

/-- With `3 ^ k` as its exponent, a power of two and 1 make a multiple of `3 ^ (k + 1)`. -/
theorem power_of_three_divides_power_of_two_and_one (k : Nat) : 3 ^ (k + 1) ∣ 2 ^ (3 ^ k) + 1 := by
  sorry

/-- The product of all differences of four integers is divisible by 12. -/
theorem twelve_divides_the_differences_of_four (a b c d : Int) :
    12 ∣ (a - b) * (a - c) * (a - d) * (b - c) * (b - d) * (c - d) := by
  sorry

/-! ## Inequalities -/

/-- Three cubes of numbers that are not negative add up to at least three times their product. -/
theorem three_cubes_against_the_product (a b c : Rat) (ha : 0 ≤ a) (hb : 0 ≤ b) (hc : 0 ≤ c) :
    3 * a * b * c ≤ a ^ 3 + b ^ 3 + c ^ 3 := by
  sorry

/-- For two sorted triples, a cyclic sum of products lies between the sums in opposite and in equal order. -/
theorem cyclic_products_of_sorted_triples (a b c x y z : Int) (ab : a ≤ b) (bc : b ≤ c) (xy : x ≤ y)
    (yz : y ≤ z) :
    a * z + b * y + c * x ≤ a * y + b * z + c * x ∧ a * y + b * z + c * x ≤ a * x + b * y + c * z := by
  sorry

/-- Of three positive numbers, each divided by the sum of the other two, the quotients make at least 3/2. -/
theorem three_fractions_over_sums (a b c : Rat) (ha : 0 < a) (hb : 0 < b) (hc : 0 < c) :
    3 / 2 ≤ a / (b + c) + b / (c + a) + c / (a + b) := by
  sorry

/-- For three numbers that are not negative, the products of each with its differences to the others add up to
no negative number. -/
theorem weighted_products_of_differences (a b c : Rat) (ha : 0 ≤ a) (hb : 0 ≤ b) (hc : 0 ≤ c) :
    0 ≤ a * (a - b) * (a - c) + b * (b - a) * (b - c) + c * (c - a) * (c - b) := by
  sorry

/-- For integers with a sum that is not negative, its cube is at most 9 times the sum of the cubes. -/
theorem cube_of_the_sum_against_the_cubes (a b c : Int) (h : 0 ≤ a + b + c) : (a + b + c) ^ 3 ≤ 9 *
    (a ^ 3 + b ^ 3 + c ^ 3) := by
  sorry

/-- The sum of `f x y` over a list of pairs. -/
def pairSum (f : Int → Int → Int) : List (Int × Int) → Int
  | [] => 0
  | (x, y) :: l => f x y + pairSum f l

/-- The square of a sum of products is at most the product of the two sums of squares. -/
theorem products_of_pairs_against_squares (l : List (Int × Int)) :
    pairSum (fun x y => x * y) l ^ 2 ≤ pairSum (fun x _ => x ^ 2) l * pairSum (fun _ y => y ^ 2) l := by
  sorry

/-- The factorial of `n` is at most the `n`-th power of the mean of 1 and `n`. -/
theorem factorial_under_the_mean (n : Nat) : 2 ^ n * factorial n ≤ (n + 1) ^ n := by
  sorry

/-- The sum of 1, 1/2, 1/3, … up to 1/n. -/
def harmonic : Nat → Rat
  | 0 => 0
  | n + 1 => harmonic n + 1 / ((n : Rat) + 1)

/-- The sums of 1, 1/2, 1/3, … pass every bound. -/
theorem harmonic_sums_pass_every_bound (b : Nat) : ∃ n, (b : Rat) ≤ harmonic n := by
  sorry

/-! ## Induction -/

/-- John McCarthy's recursion as a relation: `Ninety n k` where it ends at `n` with the value `k`. -/
inductive Ninety : Nat → Nat → Prop where
  | high (n : Nat) : 100 < n → Ninety n (n - 10)
  | low (n m k : Nat) : n ≤ 100 → Ninety (n + 11) m → Ninety m k → Ninety n k

/-- Up to 101, McCarthy's recursion ends with the value 91. -/
theorem ninety_one_everywhere (n : Nat) (h : n ≤ 101) : Ninety n 91 := by
  sorry

/-- Moritz Stern's diatomic sequence. -/
def stern (n : Nat) : Nat :=
  if n < 2 then n
  else if n % 2 = 0 then stern (n / 2)
  else stern (n / 2) + stern (n / 2 + 1)

/-- Neighbours in Stern's sequence are coprime. -/
theorem stern_neighbours_are_coprime (n : Nat) : Nat.gcd (stern n) (stern (n + 1)) = 1 := by
  sorry

/-- Two players in turn take some from one of two heaps; who cannot, loses. The first wins exactly where the
heaps differ. -/
theorem equal_heaps_lose (wins : Nat → Nat → Prop)
    (rule : ∀ a b, wins a b ↔ (∃ c, c < a ∧ ¬ wins c b) ∨ ∃ c, c < b ∧ ¬ wins a c) (a b : Nat) :
    wins a b ↔ a ≠ b := by
  sorry

/-- Where two chameleons of different colours meet, both take the third colour: what can come of such meetings.
-/
inductive Meeting : Nat × Nat × Nat → Nat × Nat × Nat → Prop where
  | stay (s : Nat × Nat × Nat) : Meeting s s
  | to_third {s : Nat × Nat × Nat} {a b c : Nat} : Meeting s (a + 1, b + 1, c) → Meeting s (a, b, c + 2)
  | to_first {s : Nat × Nat × Nat} {a b c : Nat} : Meeting s (a, b + 1, c + 1) → Meeting s (a + 2, b, c)
  | to_second {s : Nat × Nat × Nat} {a b c : Nat} : Meeting s (a + 1, b, c + 1) → Meeting s (a, b + 2, c)

/-- Of 14, 16 and 18 chameleons of three colours, all never come to have the first colour. -/
theorem chameleons_keep_two_colours (n : Nat) : ¬ Meeting (14, 16, 18) (n, 0, 0) := by
  sorry

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

/-- The word MU cannot be derived. -/
theorem word_mu_is_not_derivable : ¬ Derivable [.m, .u] := by
  sorry

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

/-- Every number is a sum of Fibonacci numbers of which no two are neighbours. -/
theorem every_number_is_a_sum_of_distant_fibs (n : Nat) : ∃ l, apart l ∧ fibSum l = n := by
  sorry

/-! ## Lists -/

/-- One pass with a candidate and its lead: an equal element adds to the lead, another takes from it, and at
lead 0 the next element becomes the candidate. -/
noncomputable def vote : List Nat → Nat × Nat → Nat
  | [], (c, _) => c
  | x :: l, (c, 0) => vote l (x, 1)
  | x :: l, (c, k + 1) => if x = c then vote l (c, k + 2) else vote l (c, k)

/-- An element that makes more than half of the list is the candidate in the end. -/
theorem majority_wins_the_vote (l : List Nat) (x : Nat) (h : l.length < 2 * l.count x) : vote l
    (0, 0) = x := by
  sorry

/-- An element that occurs more often than every other is the candidate in the end. -/
theorem most_frequent_wins_the_vote (l : List Nat) (x : Nat) (member : x ∈ l)
    (most : ∀ y, y ∈ l → y ≠ x → l.count y < l.count x) : vote l (0, 0) = x := by
  sorry

/-- A word, so many times in a row. -/
noncomputable def powerOf (w : List Nat) : Nat → List Nat
  | 0 => []
  | n + 1 => w ++ powerOf w n

/-- Two words that commute are powers of one word. -/
theorem commuting_words_have_a_root (x y : List Nat) (h : x ++ y = y ++ x) :
    ∃ w m n, x = powerOf w m ∧ y = powerOf w n := by
  sorry

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

/-- One pass finds the greatest sum of a piece of a list. -/
theorem best_piece_in_one_pass (l : List Int) :
    (∀ p, p <:+: l → total p ≤ bestPiece l) ∧ ∃ p, p <:+: l ∧ total p = bestPiece l := by
  sorry

/-! ## Logic -/

/-- A monotone operator on predicates has a fixed point that implies every other. -/
theorem monotone_operator_has_a_least_fixed_point (A : Type) (F : (A → Prop) → A → Prop)
    (mono : ∀ p q : A → Prop, (∀ a, p a → q a) → ∀ a, F p a → F q a) :
    ∃ p, F p = p ∧ ∀ q, F q = q → ∀ a, p a → q a := by
  sorry

/-- `b` can be reached from `a` by finitely many steps of `r`. -/
inductive Reaches {A : Type} (r : A → A → Prop) : A → A → Prop where
  | here (a : A) : Reaches r a a
  | onward {a b c : A} : r a b → Reaches r b c → Reaches r a c

/-- If all paths end and two single steps can always be joined by paths, then so can two paths. -/
theorem local_joins_and_ends_give_all_joins (A : Type) (r : A → A → Prop)
    (ends : WellFounded fun b a => r a b)
    (joins : ∀ a b c, r a b → r a c → ∃ d, Reaches r b d ∧ Reaches r c d) (a b c : A) (hb : Reaches r a b)
    (hc : Reaches r a c) : ∃ d, Reaches r b d ∧ Reaches r c d := by
  sorry

/-- Of six people there are three that all know each other, or three of whom no two do. -/
theorem three_friends_or_three_strangers (knows : Nat → Nat → Bool)
    (sym : ∀ a b, knows a b = knows b a) :
    ∃ a b c, a < b ∧ b < c ∧ c < 6 ∧ knows a b = knows b c ∧ knows b c = knows a c := by
  sorry

/-- In two sequences of natural numbers there are two places between which neither falls. -/
theorem pairs_cannot_keep_avoiding (f g : Nat → Nat) : ∃ m n, m < n ∧ f m ≤ f n ∧ g m ≤ g n := by
  sorry

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

/-- To choose from two groups together is to choose from each, in all divisions of the number. -/
theorem choosing_from_two_groups (m n k : Nat) : sumUpTo
    (fun j => choose m j * choose n (k - j)) k = choose (m + n) k := by
  sorry

/-- The squares of a row of Pascal's triangle add up to the middle of the row twice as far down. -/
theorem squares_of_a_row_make_the_middle (n : Nat) : sumUpTo (fun j => choose n j ^ 2) n = choose
    (2 * n) n := by
  sorry

/-- The ways to count `a` votes for one and `b` for another such that the other is never ahead. -/
def ballot : Nat → Nat → Nat
  | _, 0 => 1
  | 0, _ + 1 => 0
  | a + 1, b + 1 => if b ≤ a then ballot a (b + 1) + ballot (a + 1) b else 0

/-- The part of the counts of `a` and `b` votes in which the second is never ahead is `(a + 1 - b) / (a + 1)`.
-/
theorem never_behind_in_the_count (a b : Nat) (h : b ≤ a) : (a + 1) * ballot a b =
    (a + 1 - b) * choose (a + b) b := by
  sorry

/-- A list of more than `n` numbers below `n` has a repetition. -/
theorem too_many_values_repeat (n : Nat) (l : List Nat) (small : ∀ x, x ∈ l → x < n)
    (long : n < l.length) : ¬ l.Nodup := by
  sorry

/-! ## Functions -/

/-- If `n` is always the mean of `f n` and `f (f n)`, then `f` is the identity. -/
theorem twice_applied_on_average (f : Nat → Nat) (h : ∀ n, f (f n) + f n = 2 * n) (n : Nat) :
    f n = n := by
  sorry

/-- No function on the natural numbers adds 3 when it is applied twice. -/
theorem no_half_of_adding_three (f : Nat → Nat) : ∃ n, f (f n) ≠ n + 3 := by
  sorry

/-- A function on the natural numbers with `f (m + f n) = f m + n` is the identity. -/
theorem swap_of_sum_and_value (f : Nat → Nat) (h : ∀ m n, f (m + f n) = f m + n) (n : Nat) :
    f n = n := by
  sorry

/-- A function on the integers with `f (a + f b) = f a + b` is the identity or the negation. -/
theorem swap_of_sum_and_value_on_integers (f : Int → Int) (h : ∀ a b, f (a + f b) = f a + b) :
    (∀ n, f n = n) ∨ ∀ n, f n = -n := by
  sorry

/-- A function on the integers with the parallelogram law is the square times its value at 1. -/
theorem parallelogram_law_gives_squares (f : Int → Int)
    (h : ∀ a b, f (a + b) + f (a - b) = 2 * f a + 2 * f b) (n : Int) :
    f n = n ^ 2 * f 1 := by
  sorry

/-- The sequence from 0 on in which `f (n + 1)` and `f (f n)` add up to `n + 1` grows by 0 or 1 at each step. -/
theorem nested_recursion_grows_by_at_most_one (f : Nat → Nat) (start : f 0 = 0)
    (next : ∀ n, f (n + 1) + f (f n) = n + 1) (n : Nat) : f n ≤ f (n + 1) ∧ f (n + 1) ≤ f n + 1 := by
  sorry

/-- A multiplicative function that rises strictly and keeps 2 is the identity. -/
theorem multiplicative_and_rising_from_two (f : Nat → Nat) (two : f 2 = 2)
    (times : ∀ m n, f (m * n) = f m * f n)
    (rises : ∀ m n, m < n → f m < f n) (n : Nat) : f n = n := by
  sorry

/-- A multiplicative function that rises strictly and keeps 1 is the identity. -/
theorem multiplicative_and_rising_from_one (f : Nat → Nat) (one : f 1 = 1)
    (times : ∀ m n, f (m * n) = f m * f n) (rises : ∀ m n, m < n → f m < f n) (n : Nat) :
    f n = n := by
  sorry

end Core
