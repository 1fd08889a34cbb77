/-!
# Lists

Functions on lists that are written out here, and what they do together.
-/

noncomputable section

namespace Lists

/-- The total of a list of numbers. -/
def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs

/-- A list turned round, the slow way. -/
def rev {α : Type} : List α → List α
  | [] => []
  | x :: xs => rev xs ++ [x]

/-- A list turned round in front of another. -/
def revOnto {α : Type} : List α → List α → List α
  | [], ys => ys
  | x :: xs, ys => revOnto xs (x :: ys)

/-- Every second element, from the first on. -/
def evens {α : Type} : List α → List α
  | [] => []
  | [x] => [x]
  | x :: _ :: xs => x :: evens xs

/-- Each element twice. -/
def double {α : Type} : List α → List α
  | [] => []
  | x :: xs => x :: x :: double xs

/-- The number put where it belongs in a list in order. -/
def insert (a : Nat) : List Nat → List Nat
  | [] => [a]
  | x :: xs => if a ≤ x then a :: x :: xs else x :: insert a xs

/-- A list in order. -/
def sort : List Nat → List Nat
  | [] => []
  | x :: xs => insert x (sort xs)

/-- In order: nothing in the list is less than what stands before it. -/
def Sorted : List Nat → Prop
  | [] => True
  | x :: xs => (∀ y ∈ xs, x ≤ y) ∧ Sorted xs

/-- The total of two lists, one behind the other. -/
theorem total_append (xs ys : List Nat) : total (xs ++ ys) = total xs + total ys := by
  induction xs with
  | nil => simp [total]
  | cons x xs ih =>
    rw [List.cons_append, total, ih, total]
    omega

/-- The total does not depend on the direction. -/
theorem total_rev (xs : List Nat) : total (rev xs) = total xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    rw [rev, total_append, ih]
    simp only [total]
    omega

/-- A product with each element is a product with the total. -/
theorem total_map_mul (c : Nat) (xs : List Nat) : total (xs.map fun x => c * x) = c * total xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    rw [List.map_cons, total, ih, total, Nat.mul_add]

/-- If every element is at most `b`, then the total is at most `b` times the length. -/
theorem total_le (b : Nat) (xs : List Nat) (h : ∀ x ∈ xs, x ≤ b) : total xs ≤ b * xs.length := by
  induction xs with
  | nil => exact Nat.zero_le _
  | cons x xs ih =>
    have hx : x ≤ b := h x List.mem_cons_self
    have hxs : total xs ≤ b * xs.length := ih fun y hy => h y (List.mem_cons_of_mem x hy)
    rw [total, List.length_cons, Nat.mul_succ]
    omega

/-- Turning round two lists, one behind the other. -/
theorem rev_append {α : Type} (xs ys : List α) : rev (xs ++ ys) = rev ys ++ rev xs := by
  induction xs with
  | nil => simp [rev]
  | cons x xs ih =>
    rw [List.cons_append, rev, ih, rev, List.append_assoc]

/-- Turning round twice changes nothing. -/
theorem rev_rev {α : Type} (xs : List α) : rev (rev xs) = xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    rw [rev, rev_append, ih]
    simp [rev]

/-- The quick way of turning round does the same as the slow one. -/
theorem revOnto_eq {α : Type} (xs ys : List α) : revOnto xs ys = rev xs ++ ys := by
  induction xs generalizing ys with
  | nil => rfl
  | cons x xs ih =>
    rw [revOnto, ih, rev, List.append_assoc]
    rfl

/-- Turning round keeps the length. -/
theorem length_rev {α : Type} (xs : List α) : (rev xs).length = xs.length := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    rw [rev, List.length_append, ih]
    rfl

/-- Doubling makes twice as many. -/
theorem length_double {α : Type} (xs : List α) : (double xs).length = 2 * xs.length := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    simp only [double, List.length_cons, ih]
    omega

/-- Every second element of a doubled list gives the list. -/
theorem evens_double {α : Type} (xs : List α) : evens (double xs) = xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    rw [double, evens, ih]

/-- Every second element: half as many, rounded up. -/
theorem length_evens {α : Type} : ∀ xs : List α, (evens xs).length = (xs.length + 1) / 2
  | [] => by simp [evens]
  | [_] => by simp [evens]
  | x :: y :: xs => by
    have ih := length_evens xs
    simp only [evens, List.length_cons, ih]
    omega

/-- What is in a list after something has been inserted. -/
theorem mem_insert (a y : Nat) (xs : List Nat) : y ∈ insert a xs ↔ y = a ∨ y ∈ xs := by
  induction xs with
  | nil => simp [insert]
  | cons x xs ih =>
    rw [insert]
    split
    · simp
    · rw [List.mem_cons, ih, List.mem_cons]
      constructor
      · intro h
        rcases h with h | h | h
        · exact Or.inr (Or.inl h)
        · exact Or.inl h
        · exact Or.inr (Or.inr h)
      · intro h
        rcases h with h | h | h
        · exact Or.inr (Or.inl h)
        · exact Or.inl h
        · exact Or.inr (Or.inr h)

/-- Inserting keeps the order. -/
theorem sorted_insert (a : Nat) (xs : List Nat) (h : Sorted xs) : Sorted (insert a xs) := by
  induction xs with
  | nil => simp [insert, Sorted]
  | cons x xs ih =>
    obtain ⟨hx, hxs⟩ := h
    rw [insert]
    by_cases hax : a ≤ x
    · rw [if_pos hax]
      refine ⟨?_, hx, hxs⟩
      intro y hy
      rcases List.mem_cons.mp hy with hy | hy
      · omega
      · exact Nat.le_trans hax (hx y hy)
    · rw [if_neg hax]
      refine ⟨?_, ih hxs⟩
      intro y hy
      rcases (mem_insert a y xs).mp hy with hy | hy
      · omega
      · exact hx y hy

/-- Sorting puts a list in order. -/
theorem sorted_sort (xs : List Nat) : Sorted (sort xs) := by
  induction xs with
  | nil => exact trivial
  | cons x xs ih =>
    rw [sort]
    exact sorted_insert x (sort xs) ih

/-- Sorting neither adds nor loses an element. -/
theorem mem_sort (y : Nat) (xs : List Nat) : y ∈ sort xs ↔ y ∈ xs := by
  induction xs with
  | nil => exact Iff.rfl
  | cons x xs ih =>
    rw [sort, mem_insert, List.mem_cons]
    constructor
    · rintro (h | h)
      · exact Or.inl h
      · exact Or.inr (ih.mp h)
    · rintro (h | h)
      · exact Or.inl h
      · exact Or.inr (ih.mpr h)

/-- Inserting adds to the total. -/
theorem total_insert (a : Nat) (xs : List Nat) : total (insert a xs) = a + total xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    rw [insert]
    split
    · rfl
    · rw [total, ih, total]
      omega

end Lists
