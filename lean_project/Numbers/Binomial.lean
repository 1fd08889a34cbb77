module

public import Numbers.Figurate
public import Numbers.Factorial

/-!
# Binomial coefficients

`choose n k` counts the ways to choose `k` out of `n` things. It is defined by Pascal's rule; from there the
text climbs to the binomial theorem and to Vandermonde's identity.
-/

@[expose] public section

namespace Numbers

/-- The number of ways to choose `k` out of `n` things, by Pascal's rule: the last thing is either taken or not. -/
def choose : Nat → Nat → Nat
  | _, 0 => 1
  | 0, _ + 1 => 0
  | n + 1, k + 1 => choose n k + choose n (k + 1)

/-- There is one way to choose nothing. -/
theorem choose_zero (n : Nat) : choose n 0 = 1 := by
  cases n <;> rfl

/-- Pascal's rule. -/
theorem choose_succ_succ (n k : Nat) :
    choose (n + 1) (k + 1) = choose n k + choose n (k + 1) := by
  rfl

/-- One cannot choose more than there is. -/
theorem choose_eq_zero_of_lt (n k : Nat) (h : n < k) : choose n k = 0 := by
  sorry

/-- There is one way to choose everything. -/
theorem choose_self (n : Nat) : choose n n = 1 := by
  sorry

/-- There are `n` ways to choose one of `n` things. -/
theorem choose_one (n : Nat) : choose n 1 = n := by
  sorry

/-- The pairs out of `n + 1` things form a triangle: handshakes at a party. -/
theorem choose_two (n : Nat) : choose (n + 1) 2 = triangle n := by
  sorry

/-- Whatever is not too much can be chosen. -/
theorem choose_pos (n k : Nat) (h : k ≤ n) : 0 < choose n k := by
  induction n generalizing k with
  | zero => cases k with
    | zero => decide
    | succ k => omega
  | succ n ih => cases k with
    | zero => rw [choose_zero]; decide
    | succ k => have := ih k (by omega); rw [choose_succ_succ]; omega

/-- The hockey stick: a diagonal of Pascal's triangle adds up to the entry below its end. -/
theorem hockey_stick (n k : Nat) :
    sum (fun i => choose i k) (n + 1) = choose (n + 1) (k + 1) := by
  sorry

/-- The triples out of `n + 2` things form a tetrahedron. -/
theorem choose_three (n : Nat) : choose (n + 2) 3 = tetrahedron n := by
  sorry

/-- The captain's rule: choose a team and its captain, or a captain and the rest of the team. -/
theorem succ_mul_choose (n k : Nat) :
    (k + 1) * choose (n + 1) (k + 1) = (n + 1) * choose n k := by
  sorry

/-- Choosing `a` out of `a + b` and ordering both parts puts all `a + b` things in order. -/
theorem choose_mul_factorial (a b : Nat) :
    choose (a + b) a * (factorial a * factorial b) = factorial (a + b) := by
  sorry

/-- To choose `a` things is to leave `b` of them. -/
theorem choose_symm (a b : Nat) : choose (a + b) a = choose (a + b) b := by
  sorry

/-- The product of the first factorials divides the next: a binomial coefficient is a whole number. -/
theorem factorial_mul_factorial_dvd (a b : Nat) : factorial a * factorial b ∣ factorial (a + b) := by
  sorry

/-- The binomial theorem, for a sum with one. -/
theorem binomial_theorem (x n : Nat) : sum (fun k => choose n k * x ^ k) (n + 1) = (x + 1) ^ n := by
  sorry

/-- A row of Pascal's triangle adds up to a power of two: the number of all subsets. -/
theorem sum_choose (n : Nat) : sum (choose n) (n + 1) = 2 ^ n := by
  sorry

/-- Vandermonde's identity: choose `k` out of `m` women and `n` men. -/
theorem vandermonde (m n k : Nat) :
    sum (fun i => choose m i * choose n (k - i)) (k + 1) = choose (m + n) k := by
  sorry

/-- The squares of a row of Pascal's triangle add up to the central entry of twice the row. -/
theorem sum_choose_sq (n : Nat) : sum (fun i => choose n i ^ 2) (n + 1) = choose (n + n) n := by
  sorry

end Numbers
