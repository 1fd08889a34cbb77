module

/-!
# Finite sums

Everything that is counted in this text is counted by a sum of natural numbers. `sum f n` adds the
first `n` values of `f`; the rules below (peel off a term, cut in two, turn around, exchange) are all
that the later chapters need to know about it.
-/

@[expose] public section

namespace Numbers

/-- The sum `f 0 + f 1 + ⋯ + f (n - 1)` of the first `n` values of `f`. -/
def sum (f : Nat → Nat) : Nat → Nat
  | 0 => 0
  | n + 1 => sum f n + f n

/-- The empty sum is zero. -/
theorem sum_zero (f : Nat → Nat) : sum f 0 = 0 := by
  rfl

/-- A sum of `n + 1` terms is the sum of the first `n` terms plus the last one. -/
theorem sum_succ (f : Nat → Nat) (n : Nat) : sum f (n + 1) = sum f n + f n := by
  rfl

/-- A sum depends on the values of `f` below `n` only. -/
theorem sum_congr (f g : Nat → Nat) (n : Nat) (h : ∀ i, i < n → f i = g i) :
    sum f n = sum g n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sum_succ, sum_succ, h n (by omega), ih fun i hi => h i (by omega)]

/-- The sum of two functions is summed term by term. -/
theorem sum_add (f g : Nat → Nat) (n : Nat) :
    sum (fun i => f i + g i) n = sum f n + sum g n := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [sum_succ, ih]; omega

/-- A common factor may be taken out of a sum. -/
theorem sum_mul_left (c : Nat) (f : Nat → Nat) (n : Nat) :
    sum (fun i => c * f i) n = c * sum f n := by
  sorry

/-- Adding `c` to itself `n` times is multiplication: the sum of a constant. -/
theorem sum_const (c n : Nat) : sum (fun _ => c) n = n * c := by
  induction n with
  | zero => simp [sum_zero]
  | succ n ih => rw [sum_succ, ih, Nat.succ_mul]

/-- The first term can be peeled off as well as the last. -/
theorem sum_succ_first (f : Nat → Nat) (n : Nat) :
    sum f (n + 1) = f 0 + sum (fun i => f (i + 1)) n := by
  sorry

/-- A sum of `m + n` terms may be cut after the first `m`. -/
theorem sum_append (f : Nat → Nat) (m n : Nat) :
    sum f (m + n) = sum f m + sum (fun i => f (m + i)) n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [← Nat.add_assoc, sum_succ, ih, sum_succ (fun i => f (m + i))]; omega

/-- Turning the order of the terms around does not change the sum. -/
theorem sum_reverse (f : Nat → Nat) (n : Nat) :
    sum (fun i => f (n - i)) (n + 1) = sum f (n + 1) := by
  sorry

/-- A telescoping sum: if `g` measures the steps of `f`, then the sum of `g` is how far `f` has climbed. -/
theorem sum_telescope (f g : Nat → Nat) (n : Nat) (h : ∀ i, f (i + 1) = f i + g i) :
    f 0 + sum g n = f n := by
  sorry

/-- A larger function has a larger sum. -/
theorem sum_le_sum (f g : Nat → Nat) (n : Nat) (h : ∀ i, i < n → f i ≤ g i) :
    sum f n ≤ sum g n := by
  induction n with
  | zero => exact Nat.le_refl _
  | succ n ih => exact Nat.add_le_add (ih fun i hi => h i (by omega)) (h n (by omega))

/-- What divides every term divides the sum. -/
theorem dvd_sum (d : Nat) (f : Nat → Nat) (n : Nat) (h : ∀ i, i < n → d ∣ f i) :
    d ∣ sum f n := by
  induction n with
  | zero => exact Nat.dvd_zero d
  | succ n ih => exact Nat.dvd_add (ih fun i hi => h i (by omega)) (h n (by omega))

/-- Adding a rectangle of numbers by rows or by columns gives the same total. -/
theorem sum_comm (a : Nat → Nat → Nat) (m n : Nat) :
    sum (fun i => sum (fun j => a i j) n) m = sum (fun j => sum (fun i => a i j) m) n := by
  sorry

end Numbers
