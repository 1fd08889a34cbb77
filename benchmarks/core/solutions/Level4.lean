/-!
# Core, level 4: a witness for every statement

The definitions and statements are those of the suite, word by word; what is not in the suite is an auxiliary lemma.
`NAME.disproof` is the negation of the statement `NAME`.
-/

namespace Core

/-! ## Arithmetic -/

/-- `sumTo f n` is `f 1 + f 2 + … + f n`. -/
def sumTo (f : Nat → Nat) : Nat → Nat
  | 0 => 0
  | n + 1 => sumTo f n + f (n + 1)

theorem twice_sumTo (n : Nat) : 2 * sumTo (fun k => k) n = n * (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [sumTo]; grind

theorem sum_of_cubes_is_square_of_sum (n : Nat) :
    sumTo (fun k => k ^ 3) n = sumTo (fun k => k) n ^ 2 := by
  induction n with
  | zero => rfl
  | succ n ih =>
    have h := twice_sumTo n
    simp only [sumTo, ih]
    grind

/-- The power by repeated squaring: half of the exponent at each step. -/
def doublingPower (a n : Nat) : Nat :=
  if n = 0 then 1
  else if n % 2 = 0 then doublingPower (a * a) (n / 2)
  else a * doublingPower (a * a) (n / 2)

theorem repeated_squaring_gives_the_power (a n : Nat) : doublingPower a n = a ^ n := by
  fun_induction doublingPower a n with
  | case1 => rfl
  | case2 a n h0 h ih =>
    rw [ih, ← Nat.pow_two, ← Nat.pow_mul]; congr 1; omega
  | case3 a n h0 h ih =>
    rw [ih, ← Nat.pow_two, ← Nat.pow_mul, Nat.mul_comm, ← Nat.pow_succ]; congr 1; omega

/-- The product by doubling one factor and halving the other. -/
def peasant (a b : Nat) : Nat :=
  if b = 0 then 0 else peasant (a + a) (b / 2) + (if b % 2 = 0 then 0 else a)

theorem doubling_and_halving_multiplies (a b : Nat) : peasant a b = a * b := by
  fun_induction peasant a b with
  | case1 => rfl
  | case2 a b h0 ih =>
    have : b = 2 * (b / 2) + b % 2 := by omega
    rcases Nat.mod_two_eq_zero_or_one b with h | h
    · rw [ih]; simp [h]; grind
    · rw [ih]; simp [h]; grind

/-- The integer square root, found by counting up. -/
def root : Nat → Nat
  | 0 => 0
  | n + 1 => if (root n + 1) ^ 2 ≤ n + 1 then root n + 1 else root n

theorem counted_root_is_the_integer_root (n : Nat) : root n ^ 2 ≤ n ∧ n < (root n + 1) ^ 2 := by
  induction n with
  | zero => decide
  | succ n ih =>
    simp only [root]
    split
    · refine ⟨by assumption, ?_⟩
      grind
    · grind

/-- A number from 2 on that only 1 and itself divide. -/
def IsPrime (p : Nat) : Prop := 2 ≤ p ∧ ∀ d, d ∣ p → d = 1 ∨ d = p

theorem twice_a_square_and_twenty_nine_is_prime.disproof : ¬
    (∀ (n : Nat), IsPrime (2 * n ^ 2 + 29)) := by
  intro h
  exact absurd ((h 29).2 29 (by decide)) (by decide)

/-! ## Divisibility -/

/-- The sum of the decimal digits. -/
def digitSum (n : Nat) : Nat :=
  if n < 10 then n else n % 10 + digitSum (n / 10)

theorem digit_sum_keeps_the_rest_by_nine (n : Nat) : digitSum n % 9 = n % 9 := by
  fun_induction digitSum n <;> omega

/-- The decimal digits with alternating signs, the last digit counted plus. -/
def alternatingDigitSum (n : Nat) : Int :=
  if n < 10 then n else (n % 10 : Nat) - alternatingDigitSum (n / 10)

theorem eleven_divides_the_alternating_digit_sum (n : Nat) : 11 ∣ n ↔
    (11 : Int) ∣ alternatingDigitSum n := by
  have : (11 : Int) ∣ n - alternatingDigitSum n := by
    fun_induction alternatingDigitSum n <;> omega
  omega

theorem base_divides_when_square_divides_cube.disproof : ¬
    (∀ (m n : Nat) (h : n ^ 2 ∣ m ^ 3), n ∣ m) := by
  intro h
  exact absurd (h 4 8 (by decide)) (by decide)

theorem five_consecutive_numbers (n : Nat) : 120 ∣ n * (n + 1) * (n + 2) * (n + 3) * (n + 4) := by
  have h : ∀ r, r < 120 → r * (r + 1) * (r + 2) * (r + 3) * (r + 4) % 120 = 0 := by decide
  have := h (n % 120) (Nat.mod_lt _ (by decide))
  apply Nat.dvd_of_mod_eq_zero
  rw [← this]
  simp [Nat.mul_mod, Nat.add_mod]

theorem power_of_successor_up_to_squares (a n : Nat) : ∃ q,
    (a + 1) ^ n = 1 + n * a + q * a ^ 2 := by
  induction n with
  | zero => exact ⟨0, by simp⟩
  | succ n ih =>
    obtain ⟨q, h⟩ := ih
    exact ⟨q * (a + 1) + n, by rw [Nat.pow_succ, h]; grind⟩

theorem sum_and_product_stay_coprime (a b : Nat) (h : Nat.gcd a b = 1) : Nat.gcd (a + b)
    (a * b) = 1 := by
  apply Nat.Coprime.mul_right
  · unfold Nat.Coprime; simp; rwa [Nat.gcd_comm]
  · unfold Nat.Coprime; simpa

/-- The Fibonacci numbers 0, 1, 1, 2, 3, 5, … -/
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

theorem fib_add (m n : Nat) : fib (m + n + 1) = fib m * fib n + fib (m + 1) * fib (n + 1) := by
  induction n using Nat.strongRecOn with
  | ind n ih =>
    match n with
    | 0 => simp [fib]
    | 1 => simp [fib]
    | n + 2 =>
      have h1 := ih n (by omega)
      have h2 := ih (n+1) (by omega)
      have : fib (m + (n + 2) + 1) = fib (m + n + 1) + fib (m + (n + 1) + 1) := by
        rw [show m + (n + 2) + 1 = (m + n + 1) + 2 by omega, fib]; rfl
      rw [this, h1, h2]; simp only [fib]; grind

theorem fib_divides_fib_of_multiple (m k : Nat) : fib m ∣ fib (m * k) := by
  induction k with
  | zero => simp [fib]
  | succ k ih =>
    match m with
    | 0 => simp
    | m + 1 =>
      rw [show (m + 1) * (k + 1) = (m + 1) * k + m + 1 by grind, fib_add]
      exact Nat.dvd_add (Nat.dvd_trans ih (Nat.dvd_mul_right ..)) (Nat.dvd_mul_left ..)

/-! ## Inequalities -/

theorem pow_step (n k : Nat) : n ^ (k + 1) + (k + 1) * n ^ k ≤ (n + 1) ^ (k + 1) := by
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

theorem next_power_at_least_doubles (n : Nat) (h : 0 < n) : 2 * n ^ n ≤ (n + 1) ^ n := by
  match n with
  | n + 1 =>
    have := pow_step (n + 1) n
    grind

/-- `ratSum f n` is `f 1 + f 2 + … + f n`. -/
def ratSum (f : Nat → Rat) : Nat → Rat
  | 0 => 0
  | n + 1 => ratSum f n + f (n + 1)

theorem rat_sq (a : Rat) : 0 ≤ a ^ 2 := Lean.Grind.OrderedRing.sq_nonneg

theorem inverse_squares_bound (n : Nat) : ratSum (fun k => 1 / (k : Rat) ^ 2) (n + 1) ≤ 2 - 1 /
    ((n : Rat) + 1) := by
  induction n with
  | zero => simp [ratSum]; grind
  | succ n ih =>
    rw [ratSum]
    have h0 : (0 : Rat) ≤ n := by exact_mod_cast Nat.zero_le n
    have hx : (0 : Rat) < (n : Rat) + 1 := by grind
    have hy : (0 : Rat) < (n : Rat) + 2 := by grind
    have hc : (((n + 1 + 1 : Nat)) : Rat) = (n : Rat) + 2 := by grind
    have hd : (((n + 1 : Nat)) : Rat) = (n : Rat) + 1 := by grind
    rw [hc, hd, show (n : Rat) + 1 + 1 = n + 2 by grind]
    have key : 1 / ((n : Rat) + 1) - 1 / ((n : Rat) + 2) - 1 / ((n : Rat) + 2) ^ 2 =
        (1 / ((n : Rat) + 1)) * (1 / ((n : Rat) + 2) ^ 2) := by grind
    have p1 : 0 ≤ 1 / ((n : Rat) + 1) := by
      rw [Rat.div_def]; exact Rat.mul_nonneg (by decide) (Rat.le_of_lt (Rat.inv_pos.2 (by grind)))
    have p2 : 0 ≤ 1 / ((n : Rat) + 2) ^ 2 := by
      rw [Rat.div_def]; exact Rat.mul_nonneg (by decide) (Lean.Grind.Field.IsOrdered.inv_nonneg_iff.2 (rat_sq _))
    have := Rat.mul_nonneg p1 p2
    grind

theorem inverse_squares_below_two (n : Nat) : ratSum (fun k => 1 / (k : Rat) ^ 2) n < 2 := by
  match n with
  | 0 => simp [ratSum]; grind
  | n + 1 =>
    have := inverse_squares_bound n
    have h0 : (0 : Rat) ≤ n := by exact_mod_cast Nat.zero_le n
    have p1 : 0 < 1 / ((n : Rat) + 1) := by
      rw [Rat.div_def]; exact Rat.mul_pos (by decide) (Rat.inv_pos.2 (by grind))
    grind

theorem pairwise_sums_against_eight_products (a b c : Rat) (ha : 0 ≤ a) (hb : 0 ≤ b) (hc : 0 ≤ c) :
    8 * a * b * c ≤ (a + b) * (b + c) * (c + a) := by
  have h1 := Rat.mul_nonneg ha (rat_sq (b - c))
  have h2 := Rat.mul_nonneg hb (rat_sq (c - a))
  have h3 := Rat.mul_nonneg hc (rat_sq (a - b))
  grind

/-- The product of the first `n` odd numbers. -/
def odds : Nat → Nat
  | 0 => 1
  | n + 1 => (2 * n + 1) * odds n

/-- The product of the first `n` even numbers from 2 on. -/
def evens : Nat → Nat
  | 0 => 1
  | n + 1 => (2 * n + 2) * evens n

theorem odds_against_evens (n : Nat) : (3 * n + 1) * odds n ^ 2 ≤ evens n ^ 2 := by
  induction n with
  | zero => decide
  | succ n ih =>
    simp only [odds, evens]
    have h1 : (3 * (n + 1) + 1) * (2 * n + 1) ^ 2 ≤ (2 * n + 2) ^ 2 * (3 * n + 1) := by grind
    have h2 := Nat.mul_le_mul_right (odds n ^ 2) h1
    have h3 := Nat.mul_le_mul_left ((2 * n + 2) ^ 2) ih
    grind

theorem power_of_two_beats_the_cube (n : Nat) (h : 10 ≤ n) : n ^ 3 < 2 ^ n := by
  induction h with
  | refl => decide
  | @step n h ih =>
    have h : 10 ≤ n := h
    show (n + 1) ^ 3 < 2 ^ (n + 1)
    rw [Nat.pow_succ 2]
    have h1 : 10 * n ^ 2 ≤ n * n ^ 2 := Nat.mul_le_mul_right _ h
    have h2 : 10 * n ≤ n * n := Nat.mul_le_mul_right _ h
    grind

/-! ## Induction -/

/-- The Fibonacci numbers with two accumulators. -/
def tailFib : Nat → Nat → Nat → Nat
  | 0, a, _ => a
  | n + 1, a, b => tailFib n b (a + b)

theorem tailFib_general (n k : Nat) : tailFib n (fib k) (fib (k + 1)) = fib (k + n) := by
  induction n generalizing k with
  | zero => rfl
  | succ n ih =>
    rw [tailFib, show fib k + fib (k + 1) = fib (k + 2) from rfl, ih]
    congr 1; omega

theorem accumulators_compute_fib (n : Nat) : tailFib n 0 1 = fib n := by
  have := tailFib_general n 0
  simpa [fib] using this

theorem fib_squares (n : Nat) : fib (2 * n) = fib n * (2 * fib (n + 1) - fib n) ∧ fib
    (2 * n + 1) = fib n ^ 2 + fib (n + 1) ^ 2 ∧ fib n ≤ fib (n + 1) := by
  induction n with
  | zero => decide
  | succ n ih =>
    obtain ⟨h1, h2, h3⟩ := ih
    obtain ⟨d, hd⟩ := Nat.le.dest h3
    have e1 : fib (2 * (n + 1)) = fib (2 * n) + fib (2 * n + 1) := rfl
    have e2 : fib (2 * (n + 1) + 1) = fib (2 * n + 1) + fib (2 * (n + 1)) := rfl
    have e3 : fib (n + 1 + 1) = fib n + fib (n + 1) := rfl
    have e4 : 2 * fib (n + 1) - fib n = fib (n + 1) + d := by omega
    have e5 : 2 * fib (n + 1 + 1) - fib (n + 1) = 2 * fib n + fib (n + 1) := by omega
    rw [e4] at h1
    rw [e5, e2, e1, h1, h2, e3]
    refine ⟨?_, ?_, by omega⟩ <;> grind

theorem fib_at_odd_index (n : Nat) : fib (2 * n + 1) = fib n ^ 2 + fib (n + 1) ^ 2 := by
  exact (fib_squares n).2.1

/-- Ackermann's function, after Rózsa Péter. -/
def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)

theorem ack_gt (m n : Nat) : n < ack m n := by
  fun_induction ack m n <;> omega

theorem ack_step (m n : Nat) : ack m n < ack m (n + 1) := by
  cases m with
  | zero => simp [ack]
  | succ m => rw [ack.eq_3]; exact ack_gt ..

theorem ack_mono (m n k : Nat) (h : n < k) : ack m n < ack m k := by
  induction k with
  | zero => omega
  | succ k ih =>
    have := ack_step m k
    rcases Nat.lt_or_ge n k with h | h
    · exact Nat.lt_trans (ih h) this
    · rwa [show n = k by omega]

theorem ackermann_prefers_the_first_argument (m n : Nat) : ack m n < ack m (n + 1) ∧ ack m
    (n + 1) ≤ ack (m + 1) n := by
  refine ⟨ack_step m n, ?_⟩
  induction n with
  | zero => simp [ack]
  | succ n ih =>
    rw [ack]
    have h1 := ack_gt (m + 1) n
    have h2 := ack_gt m (n+1)
    have : n + 1 + 1 ≤ ack (m + 1) n := by omega
    rcases Nat.lt_or_eq_of_le this with h | h
    · exact Nat.le_of_lt (ack_mono _ _ _ h)
    · rw [h]; exact Nat.le_refl _

/-- Of `n` in a circle every second one leaves; the place, counted from 0, of the last one. For `n = 0` it is 0.
-/
def survivor : Nat → Nat
  | 0 => 0
  | n + 1 => (survivor n + 2) % (n + 1)

theorem survivor_of_every_second (m l : Nat) (h : l < 2 ^ m) : survivor (2 ^ m + l) = 2 * l := by
  have next : ∀ m l, survivor (2 ^ m + (l + 1)) = (survivor (2 ^ m + l) + 2) % (2 ^ m + (l + 1)) := fun _ _ => rfl
  induction m generalizing l with
  | zero => rw [show l = 0 by omega]; rfl
  | succ m ihm =>
    induction l with
    | zero =>
      have p : 0 < 2 ^ m := Nat.two_pow_pos m
      have e := next m (2 ^ m - 1)
      rw [ihm (2 ^ m - 1) (by omega)] at e
      rw [show 2 ^ (m + 1) + 0 = 2 ^ m + (2 ^ m - 1 + 1) by omega, e,
        show 2 * (2 ^ m - 1) + 2 = 2 ^ m + (2 ^ m - 1 + 1) by omega, Nat.mod_self]
    | succ l ihl => rw [next, ihl (by omega), Nat.mod_eq_of_lt (by omega)]; omega

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

theorem execute_append (p q : List Order) (s : List Int) : execute (p ++ q) s = execute q
    (execute p s) := by
  induction p generalizing s with
  | nil => rfl
  | cons o p ih => simp [execute, ih]

theorem execute_compile (e : Expr) (s : List Int) : execute (compile e) s = eval e :: s := by
  induction e generalizing s with
  | number n => rfl
  | plus a b iha ihb => simp [compile, execute_append, iha, ihb, execute, step, eval]
  | times a b iha ihb => simp [compile, execute_append, iha, ihb, execute, step, eval]

theorem compiler_is_correct (e : Expr) : execute (compile e) [] = [eval e] := by
  exact execute_compile e []

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

theorem sorted_place (x : Nat) (l : List Nat) (h : sorted l) : sorted (place x l) := by
  fun_induction sorted l with
  | case1 => simp [place, sorted]
  | case2 y => grind [place, sorted]
  | case3 y z l ih => grind [place, sorted]

theorem insertion_sort_sorts (l : List Nat) : sorted (insertionSort l) ∧ ∀ x,
    (insertionSort l).count x = l.count x := by
  have hc : ∀ y (l : List Nat) x, (place y l).count x = (y :: l).count x := by
    intro y l x
    induction l with
    | nil => rfl
    | cons z l ih => simp only [place]; split <;> simp_all [List.count_cons] <;> omega
  induction l with
  | nil => simp [insertionSort, sorted]
  | cons x l ih =>
    refine ⟨sorted_place _ _ ih.1, fun y => ?_⟩
    rw [insertionSort, hc, List.count_cons, List.count_cons, ih.2]

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

theorem unrolled_runs_are_the_list (l : List Nat) : unroll (runs l) = l := by
  induction l with
  | nil => rfl
  | cons x l ih =>
    simp only [runs]
    split
    · next h => rw [h] at ih; simp [unroll] at ih ⊢; exact ih
    · next k y r h =>
      rw [h] at ih
      split <;> simp_all [unroll, List.replicate_succ]

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

theorem everywhere_length (x : Nat) (l : List Nat) : (everywhere x l).length = l.length + 1 := by
  induction l with
  | nil => rfl
  | cons y l ih => simp [everywhere, ih]

theorem everywhere_member (x : Nat) (l : List Nat) : ∀ m ∈ everywhere x l,
    m.length = l.length + 1 := by
  induction l with
  | nil => simp [everywhere]
  | cons y l ih =>
    intro m hm
    simp [everywhere] at hm
    rcases hm with rfl | ⟨a, ha, rfl⟩
    · simp
    · simp [ih a ha]

theorem arrangements_member (l : List Nat) : ∀ m ∈ arrangements l, m.length = l.length := by
  induction l with
  | nil => simp [arrangements]
  | cons x l ih =>
    intro m hm
    simp [arrangements] at hm
    obtain ⟨_, ⟨a, ha, rfl⟩, hm⟩ := hm
    simp [everywhere_member x a m hm, ih a ha]

theorem flatten_length (k : Nat) (L : List (List (List Nat))) (h : ∀ m ∈ L, m.length = k) :
    L.flatten.length = k * L.length := by
  induction L with
  | nil => simp
  | cons a L ih =>
    have h1 := h a (by simp)
    have h2 := ih (fun m hm => h m (by simp [hm]))
    rw [List.flatten_cons, List.length_append, h1, h2, List.length_cons]; grind

theorem arrangements_are_factorial_many (l : List Nat) :
    (arrangements l).length = factorial l.length := by
  induction l with
  | nil => rfl
  | cons x l ih =>
    rw [arrangements, flatten_length (l.length + 1), List.length_map, ih]; rfl
    intro m hm
    obtain ⟨a, ha, rfl⟩ := List.mem_map.1 hm
    rw [everywhere_length, arrangements_member l a ha]

/-- The list with each number once. -/
noncomputable def dedup : List Nat → List Nat
  | [] => []
  | x :: l => if x ∈ l then dedup l else x :: dedup l

theorem removing_repetitions_commutes_with_reverse.disproof :
    ¬ (∀ (l : List Nat), dedup l.reverse = (dedup l).reverse) := by
  intro h
  exact absurd (h [1, 2, 1]) (by decide)

/-! ## Logic -/

theorem no_enumeration_of_all_tests (A : Type) (f : A → (A → Bool)) : ∃ p, ∀ a, f a ≠ p := by
  refine ⟨fun a => !(f a a), fun a h => ?_⟩
  have := congrFun h a
  simp at this

theorem one_colour_infinitely_often (f : Nat → Bool) : ∃ c, ∀ n, ∃ m, n ≤ m ∧ f m = c := by
  apply Classical.byContradiction
  intro h
  simp only [not_exists, Classical.not_forall] at h
  obtain ⟨a, ha⟩ := h true
  obtain ⟨b, hb⟩ := h false
  have h1 := ha (max a b)
  have h2 := hb (max a b)
  cases e : f (max a b) <;> simp_all <;> omega

/-- `b` can be reached from `a` by finitely many steps of `r`. -/
inductive Reaches {A : Type} (r : A → A → Prop) : A → A → Prop where
  | here (a : A) : Reaches r a a
  | onward {a b c : A} : r a b → Reaches r b c → Reaches r a c

theorem diamond_gives_confluence (A : Type) (r : A → A → Prop)
    (h : ∀ a b c, r a b → r a c → ∃ d, r b d ∧ r c d) (a b c : A) (hb : Reaches r a b) (hc : Reaches r a c) :
    ∃ d, Reaches r b d ∧ Reaches r c d := by
  have strip : ∀ a c, Reaches r a c → ∀ b, r a b → ∃ d, Reaches r b d ∧ r c d := by
    intro a c hc
    induction hc with
    | here a => exact fun b hb => ⟨b, .here b, hb⟩
    | onward h1 h2 ih =>
      intro b hb
      obtain ⟨d, hbd, hd⟩ := h _ _ _ hb h1
      obtain ⟨e, he, hce⟩ := ih d hd
      exact ⟨e, .onward hbd he, hce⟩
  induction hb generalizing c with
  | here a => exact ⟨c, hc, .here c⟩
  | onward h1 h2 ih =>
    obtain ⟨d, hd, hcd⟩ := strip _ _ hc _ h1
    obtain ⟨e, he, hde⟩ := ih d hd
    exact ⟨e, he, .onward hcd hde⟩

theorem somewhere_no_descent (f : Nat → Nat) : ∃ n, f n ≤ f (n + 1) := by
  apply Classical.byContradiction
  intro h
  simp only [not_exists, Nat.not_le] at h
  have : ∀ n, f n + n ≤ f 0 := by
    intro n
    induction n with
    | zero => simp
    | succ n ih => have := h n; omega
  have := this (f 0 + 1)
  omega

/-! ## Counting -/

/-- The binomial coefficients, by Pascal's rule. -/
def choose : Nat → Nat → Nat
  | _, 0 => 1
  | 0, _ + 1 => 0
  | n + 1, k + 1 => choose n k + choose n (k + 1)

theorem choose_zero (n k : Nat) (h : n < k) : choose n k = 0 := by
  fun_induction choose n k with
  | case1 => omega
  | case2 => rfl
  | case3 n k h1 h2 => rw [h1 (by omega), h2 (by omega)]

theorem choose_self (n : Nat) : choose n n = 1 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [choose, ih, choose_zero n (n + 1) (by omega)]

theorem choose_right_zero (n : Nat) : choose n 0 = 1 := by cases n <;> rfl

theorem choosing_is_leaving_out (n k : Nat) : choose (n + k) n = choose (n + k) k := by
  suffices ∀ s n k, n + k = s → choose s n = choose s k from this _ n k rfl
  intro s
  induction s with
  | zero => intro n k h; rw [show n = 0 by omega, show k = 0 by omega]
  | succ s ih =>
    intro n k h
    match n, k with
    | 0, k => rw [show k = s + 1 by omega, choose_self, choose_right_zero]
    | n + 1, 0 => rw [show n = s by omega, choose_self, choose_right_zero]
    | n + 1, k + 1 =>
      rw [choose, choose, ih n (k + 1) (by omega), ih (n + 1) k (by omega), Nat.add_comm]

theorem committee_with_a_chair (n k : Nat) : (k + 1) * choose (n + 1) (k + 1) =
    (n + 1) * choose n k := by
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

theorem column_of_the_triangle (n k : Nat) : sumTo (fun j => choose j k) n + choose 0 k = choose
    (n + 1) (k + 1) := by
  induction n with
  | zero => simp [sumTo]; cases k <;> rfl
  | succ n ih => rw [sumTo, choose]; omega

/-- The number of permutations of `n` things that leave none in its place. -/
def derangements : Nat → Nat
  | 0 => 1
  | 1 => 0
  | n + 2 => (n + 1) * (derangements n + derangements (n + 1))

theorem derangements_from_one_before (n : Nat) : (derangements (n + 1) : Int) =
    (n + 1) * derangements n - (-1) ^ n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [derangements]
    simp only [Int.natCast_add, Int.natCast_mul, Int.pow_succ]
    grind

/-- The number of ways to split `n` things into `k` blocks that are not empty. -/
def stirling : Nat → Nat → Nat
  | 0, 0 => 1
  | 0, _ + 1 => 0
  | _ + 1, 0 => 0
  | n + 1, k + 1 => stirling n k + (k + 1) * stirling n (k + 1)

theorem stirling_one (n : Nat) : stirling (n + 1) 1 = 1 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [stirling, ih]; rfl

theorem splits_into_two_blocks (n : Nat) : stirling (n + 1) 2 + 1 = 2 ^ n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    have e : stirling (n + 1 + 1) 2 = stirling (n + 1) 1 + 2 * stirling (n + 1) 2 := rfl
    have := stirling_one n
    rw [Nat.pow_succ]; omega

/-- The regions into which the chords between `n + 1` points in general position on a circle cut its disc. -/
def regions (n : Nat) : Nat := choose n 0 + choose n 1 + choose n 2 + choose n 3 + choose n 4

theorem regions_of_the_disc_double.disproof : ¬ (∀ (n : Nat) (h : n < 6), regions n = 2 ^ n) := by
  intro h
  exact absurd (h 5 (by decide)) (by decide)

/-- All words of `n` letters, of two kinds. -/
noncomputable def words : Nat → List (List Bool)
  | 0 => [[]]
  | n + 1 => (words n).map (false :: ·) ++ (words n).map (true :: ·)

/-- Whether no two neighbours are both true. -/
noncomputable def sparse : List Bool → Bool
  | true :: true :: _ => false
  | _ :: l => sparse l
  | [] => true

theorem sparse_words (n : Nat) : ((words n).filter sparse).length = fib (n + 2) ∧
    ((words n).filter (fun w => sparse (true :: w))).length = fib (n + 1) := by
  induction n with
  | zero => decide
  | succ n ih =>
    obtain ⟨h1, h2⟩ := ih
    have e1 : (sparse ∘ fun x => false :: x) = sparse := by funext w; simp [sparse]
    have e2 : ((fun w => sparse (true :: w)) ∘ fun x => false :: x) = sparse := by funext w; simp [sparse]
    have e3 : ((fun w => sparse (true :: w)) ∘ fun x => true :: x) = fun _ => false := by funext w; simp [sparse]
    have e4 : (sparse ∘ fun x => true :: x) = (fun w => sparse (true :: w)) := rfl
    simp only [words, List.filter_append, List.length_append, List.filter_map, List.length_map, e1, e2, e3, e4, h1, h2]
    simp [fib]; grind [fib]

theorem sparse_words_are_fib_many (n : Nat) : ((words n).filter sparse).length = fib (n + 2) := by
  exact (sparse_words n).1

/-! ## Functions -/

theorem no_half_of_the_successor (f : Int → Int) : ∃ n, f (f n) ≠ n + 1 := by
  apply Classical.byContradiction
  intro h
  simp only [ne_eq, not_exists, Classical.not_not] at h
  have h1 : ∀ n, f (n + 1) = f n + 1 := fun n => by rw [← h n, h (f n)]
  have h2 : ∀ n : Nat, f n = n + f 0 := by
    intro n
    induction n with
    | zero => simp
    | succ n ih => have := h1 n; simp only [Int.natCast_add] at *; simp_all; omega
  have h3 : ∀ n : Nat, f (-n) = f 0 - n := by
    intro n
    induction n with
    | zero => simp
    | succ n ih => have := h1 (-(n + 1)); grind
  have h0 := h 0
  rcases Int.le_total 0 (f 0) with p | p
  · have := h2 (f 0).toNat
    rw [Int.toNat_of_nonneg p] at this; omega
  · have := h3 (-f 0).toNat
    rw [Int.toNat_of_nonneg (by omega)] at this; simp at this; omega

theorem integer_path_meets_zero (f : Nat → Int) (step : ∀ n, f (n + 1) - f n ≤ 1) (start : f 0 ≤ 0)
    (m : Nat) (finish : 0 ≤ f m) : ∃ n, n ≤ m ∧ f n = 0 := by
  induction m with
  | zero => exact ⟨0, by omega, by omega⟩
  | succ m ih =>
    rcases Int.lt_or_le (f m) 0 with h | h
    · exact ⟨m + 1, by omega, by have := step m; omega⟩
    · obtain ⟨n, h1, h2⟩ := ih h
      exact ⟨n, by omega, h2⟩

theorem monotone_on_a_segment_fixes_a_point (f : Nat → Nat) (m : Nat)
    (inside : ∀ k, k ≤ m → f k ≤ m) (mono : ∀ j k, j ≤ k → f j ≤ f k) : ∃ k, k ≤ m ∧ f k = k := by
  suffices ∀ d k, m - k = d → k ≤ m → k ≤ f k → ∃ k, k ≤ m ∧ f k = k from
    this m 0 (by omega) (by omega) (by omega)
  intro d
  induction d using Nat.strongRecOn with
  | ind d ih =>
    intro k hd hk hf
    rcases Nat.lt_or_eq_of_le hf with h | h
    · exact ih (m - f k) (by have := inside k hk; omega) (f k) rfl (inside k hk) (mono _ _ hf)
    · exact ⟨k, hk, h.symm⟩

theorem additive_on_integers_is_linear (f : Int → Int) (h : ∀ a b, f (a + b) = f a + f b)
    (n : Int) : f n = n * f 1 := by
  have h0 : f 0 = 0 := by have := h 0 0; simp at this; omega
  have h2 : ∀ n : Nat, f n = n * f 1 := by
    intro n
    induction n with
    | zero => simp [h0]
    | succ n ih => rw [Int.natCast_add, h, ih]; grind
  rcases Int.le_total 0 n with p | p
  · have := h2 n.toNat
    rwa [Int.toNat_of_nonneg p] at this
  · have := h2 (-n).toNat
    rw [Int.toNat_of_nonneg (by omega)] at this
    have e := h n (-n)
    rw [this, show n + -n = 0 by omega, h0] at e
    grind

theorem two_coprime_periods_leave_a_constant (f : Int → Int) (h : ∀ n, f (n + 8) = f n)
    (g : ∀ n, f (n + 13) = f n) (n : Int) : f n = f 0 := by
  have s : ∀ n, f (n + 1) = f n := by
    intro n
    have e1 := h n
    have e2 := h (n + 8)
    have e3 := h (n + 16)
    have e4 := h (n + 24)
    have e5 := h (n + 32)
    have e6 := g (n + 1)
    have e7 := g (n + 14)
    have e8 := g (n + 27)
    grind
  have h2 : ∀ n : Nat, f n = f 0 := by
    intro n
    induction n with
    | zero => rfl
    | succ n ih => rw [Int.natCast_add, ← ih]; exact s n
  have h3 : ∀ n : Nat, f (-n) = f 0 := by
    intro n
    induction n with
    | zero => rfl
    | succ n ih => rw [← ih, ← s]; congr 1; omega
  rcases Int.le_total 0 n with p | p
  · have := h2 n.toNat
    rwa [Int.toNat_of_nonneg p] at this
  · have := h3 (-n).toNat
    rw [Int.toNat_of_nonneg (by omega)] at this
    simpa using this

end Core
