module

public import Numbers.Sum

/-!
# Figurate numbers

Pebbles laid out as triangles, squares and pyramids. The classical identities of the Pythagoreans,
up to the theorem of Nicomachus that the sum of the first cubes is the square of a triangle.
-/

@[expose] public section

namespace Numbers

/-- The `n`-th triangular number `1 + 2 + ⋯ + n`: pebbles in a triangle with `n` rows. -/
def triangle : Nat → Nat
  | 0 => 0
  | n + 1 => triangle n + (n + 1)

/-- The `n`-th tetrahedral number: the first `n` triangles, stacked. -/
def tetrahedron (n : Nat) : Nat :=
  sum triangle (n + 1)

/-- Two equal triangles make a rectangle with sides `n` and `n + 1`. -/
theorem two_mul_triangle (n : Nat) : 2 * triangle n = n * (n + 1) := by
  sorry

/-- The numbers from `0` to `n` add up to the `n`-th triangular number. -/
theorem sum_id (n : Nat) : sum (fun i => i) (n + 1) = triangle n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sum_succ, ih, triangle]

/-- A large triangle is cut into two small ones and a rectangle. -/
theorem triangle_add (m n : Nat) : triangle (m + n) = triangle m + triangle n + m * n := by
  induction n with
  | zero => simp [triangle]
  | succ n ih => rw [← Nat.add_assoc, triangle, ih, triangle, Nat.mul_succ]; omega

/-- Theon of Smyrna: two neighbouring triangles make a square. -/
theorem triangle_add_triangle_succ (n : Nat) :
    triangle n + triangle (n + 1) = (n + 1) ^ 2 := by
  sorry

/-- Plutarch: eight triangles and one pebble make the square of an odd number. -/
theorem eight_mul_triangle_add_one (n : Nat) : 8 * triangle n + 1 = (2 * n + 1) ^ 2 := by
  sorry

/-- The first `n` odd numbers add up to the square of `n`. -/
theorem sum_odd (n : Nat) : sum (fun i => 2 * i + 1) n = n ^ 2 := by
  sorry

/-- Archimedes: the sum of the first squares. -/
theorem six_mul_sum_sq (n : Nat) :
    6 * sum (fun i => i ^ 2) (n + 1) = n * (n + 1) * (2 * n + 1) := by
  sorry

/-- Nicomachus: the sum of the first cubes is the square of the triangle. -/
theorem sum_cube (n : Nat) : sum (fun i => i ^ 3) (n + 1) = triangle n ^ 2 := by
  sorry

/-- Six tetrahedra fill a box with sides `n`, `n + 1` and `n + 2`. -/
theorem six_mul_tetrahedron (n : Nat) : 6 * tetrahedron n = n * (n + 1) * (n + 2) := by
  sorry

/-- One half of a chessboard: the pairs `j ≤ i < n` are as many as the pebbles of a triangle. -/
theorem sum_sum_one (n : Nat) : sum (fun i => sum (fun _ => 1) (i + 1)) n = triangle n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sum_succ, ih, sum_const, triangle, Nat.mul_one]

end Numbers
