module

public import Numbers.Figurate

/-!
# Even and odd

The oldest classification of numbers. It ends with the oldest impossibility: no square is twice a square.
-/

@[expose] public section

namespace Numbers

/-- A number is even if it is twice a number. -/
def Even (n : Nat) : Prop :=
  ∃ k, n = 2 * k

/-- A number is odd if it is one more than twice a number. -/
def Odd (n : Nat) : Prop :=
  ∃ k, n = 2 * k + 1

/-- The even numbers are those that leave no remainder by two. -/
theorem even_iff (n : Nat) : Even n ↔ n % 2 = 0 := by
  constructor
  · rintro ⟨k, rfl⟩
    omega
  · intro h
    exact ⟨n / 2, by omega⟩

/-- The odd numbers are those that leave the remainder one. -/
theorem odd_iff (n : Nat) : Odd n ↔ n % 2 = 1 := by
  constructor
  · rintro ⟨k, rfl⟩
    omega
  · intro h
    exact ⟨n / 2, by omega⟩

/-- Every number is even or odd. -/
theorem even_or_odd (n : Nat) : Even n ∨ Odd n := by
  sorry

/-- No number is both. -/
theorem not_even_and_odd (n : Nat) : ¬(Even n ∧ Odd n) := by
  rw [even_iff, odd_iff]
  omega

/-- A sum of two odd numbers is even. -/
theorem odd_add_odd (m n : Nat) (hm : Odd m) (hn : Odd n) : Even (m + n) := by
  rw [odd_iff] at hm hn
  rw [even_iff]
  omega

/-- A product of two odd numbers is odd. -/
theorem odd_mul_odd (m n : Nat) (hm : Odd m) (hn : Odd n) : Odd (m * n) := by
  obtain ⟨a, ha⟩ := hm
  obtain ⟨b, hb⟩ := hn
  exact ⟨2 * a * b + a + b, by subst ha hb; grind⟩

/-- A multiple of an even number is even. -/
theorem even_mul (m n : Nat) (hm : Even m) : Even (m * n) := by
  obtain ⟨a, ha⟩ := hm
  exact ⟨a * n, by subst ha; grind⟩

/-- If a square is even, so is its root. -/
theorem even_of_even_sq (n : Nat) (h : Even (n * n)) : Even n := by
  sorry

/-- The product of two neighbours is even: it is two triangles. -/
theorem even_mul_succ (n : Nat) : Even (n * (n + 1)) := by
  sorry

/-- The square of an odd number is one more than eight times a triangular number. -/
theorem odd_sq (n : Nat) (h : Odd n) : ∃ k, n ^ 2 = 8 * triangle k + 1 := by
  sorry

/-- The square root of two is irrational: no square is twice a square but zero. -/
theorem sq_ne_two_mul_sq (a b : Nat) (h : a * a = 2 * (b * b)) : b = 0 := by
  sorry

end Numbers
