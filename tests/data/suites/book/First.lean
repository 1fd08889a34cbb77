/-! # A book of small things -/

universe u

namespace Book

/-! ## Numbers -/

/-- Twice a number. -/
def twice (n : Nat) : Nat := n + n

/-- Twice is two times. -/
theorem twice_eq (n : Nat) : twice n = 2 * n := by
  unfold twice; omega

theorem twice_even (n : Nat) : twice n % 2 = 0 := by
  sorry

/-! ## Lists

They are finite. -/

section
variable {α : Type u}

theorem length_wrong (xs : List α) : (xs ++ xs).length = xs.length := by
  sorry

end

end Book
