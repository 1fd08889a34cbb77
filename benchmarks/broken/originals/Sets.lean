/-!
# Sets as predicates, options, orders, words

Small structures, and what maps between them keep.
-/

noncomputable section

namespace Sets

/-- A set is what is said of its members. -/
def Set (α : Type) : Type :=
  α → Prop

/-- The members of both. -/
def inter {α : Type} (s t : Set α) : Set α :=
  fun x => s x ∧ t x

/-- The members of one or the other. -/
def union {α : Type} (s t : Set α) : Set α :=
  fun x => s x ∨ t x

/-- Whatever is not a member. -/
def compl {α : Type} (s : Set α) : Set α :=
  fun x => ¬s x

/-- Every member of the one is a member of the other. -/
def Sub {α : Type} (s t : Set α) : Prop :=
  ∀ x, s x → t x

/-- What the members are mapped to. -/
def image {α β : Type} (f : α → β) (s : Set α) : Set β :=
  fun y => ∃ x, s x ∧ f x = y

/-- What is mapped to members. -/
def preimage {α β : Type} (f : α → β) (t : Set β) : Set α :=
  fun x => t (f x)

/-- A tree with numbers at its forks. -/
inductive Tree where
  | leaf : Tree
  | fork : Tree → Nat → Tree → Tree

/-- How many forks. -/
def size : Tree → Nat
  | .leaf => 0
  | .fork l _ r => size l + 1 + size r

/-- The longest way from the root to a leaf. -/
def depth : Tree → Nat
  | .leaf => 0
  | .fork l _ r => max (depth l) (depth r) + 1

/-- Left and right exchanged, everywhere. -/
def mirror : Tree → Tree
  | .leaf => .leaf
  | .fork l x r => .fork (mirror r) x (mirror l)

/-- The numbers from left to right. -/
def flatten : Tree → List Nat
  | .leaf => []
  | .fork l x r => flatten l ++ x :: flatten r

/-- The same, quicker: in front of a list. -/
def flattenOnto : Tree → List Nat → List Nat
  | .leaf, ys => ys
  | .fork l x r, ys => flattenOnto l (x :: flattenOnto r ys)

/-- The inverse image of what is in both. -/
theorem preimage_inter {α β : Type} (f : α → β) (s t : Set β) :
    preimage f (inter s t) = inter (preimage f s) (preimage f t) := by
  funext x
  simp only [preimage, inter]

/-- De Morgan for sets. -/
theorem compl_union {α : Type} (s t : Set α) : compl (union s t) = inter (compl s) (compl t) := by
  funext x
  apply propext
  constructor
  · intro h
    exact ⟨fun hs => h (Or.inl hs), fun ht => h (Or.inr ht)⟩
  · intro h hst
    rcases hst with hs | ht
    · exact h.1 hs
    · exact h.2 ht

/-- Cutting with a union. -/
theorem inter_union {α : Type} (s t u : Set α) : inter s (union t u) = union (inter s t) (inter s u) := by
  funext x
  apply propext
  constructor
  · rintro ⟨hs, ht | hu⟩
    · exact Or.inl ⟨hs, ht⟩
    · exact Or.inr ⟨hs, hu⟩
  · rintro (⟨hs, ht⟩ | ⟨hs, hu⟩)
    · exact ⟨hs, Or.inl ht⟩
    · exact ⟨hs, Or.inr hu⟩

/-- The image of a union is the union of the images. -/
theorem image_union {α β : Type} (f : α → β) (s t : Set α) :
    image f (union s t) = union (image f s) (image f t) := by
  funext y
  apply propext
  constructor
  · intro h
    obtain ⟨x, hs | ht, hxy⟩ := h
    · exact Or.inl ⟨x, hs, hxy⟩
    · exact Or.inr ⟨x, ht, hxy⟩
  · intro h
    rcases h with ⟨x, hs, hxy⟩ | ⟨x, ht, hxy⟩
    · exact ⟨x, Or.inl hs, hxy⟩
    · exact ⟨x, Or.inr ht, hxy⟩

/-- The image is inside exactly when the set is inside the inverse image. -/
theorem image_sub_iff {α β : Type} (f : α → β) (s : Set α) (t : Set β) :
    Sub (image f s) t ↔ Sub s (preimage f t) := by
  constructor
  · intro h x hx
    exact h (f x) ⟨x, hx, rfl⟩
  · intro h y hy
    obtain ⟨x, hx, hxy⟩ := hy
    rw [← hxy]
    exact h x hx

/-- One inside the other and the other inside the one: they are the same. -/
theorem sub_antisymm {α : Type} (s t : Set α) (h : Sub s t) (k : Sub t s) : s = t := by
  funext x
  apply propext
  constructor
  · exact h x
  · exact k x

/-- Being inside, from cutting. -/
theorem sub_iff_inter_eq {α : Type} (s t : Set α) : Sub s t ↔ inter s t = s := by
  constructor
  · intro h
    funext x
    apply propext
    constructor
    · intro hx
      exact hx.1
    · intro hx
      exact ⟨hx, h x hx⟩
  · intro h x hx
    rw [← h] at hx
    exact hx.2

/-- The image of the inverse image is inside, and all of it where the function hits everything. -/
theorem image_preimage {α β : Type} (f : α → β) (t : Set β) (h : ∀ y, ∃ x, f x = y) :
    image f (preimage f t) = t := by
  funext y
  apply propext
  constructor
  · intro hy
    obtain ⟨x, hx, hxy⟩ := hy
    rw [← hxy]
    exact hx
  · intro hy
    obtain ⟨x, hxy⟩ := h y
    refine ⟨x, ?_, hxy⟩
    show t (f x)
    rw [hxy]
    exact hy

/-- Twice in the mirror. -/
theorem mirror_mirror (t : Tree) : mirror (mirror t) = t := by
  induction t with
  | leaf => rfl
  | fork l x r ihl ihr =>
    rw [mirror, mirror, ihl, ihr]

/-- The mirror keeps the size. -/
theorem size_mirror (t : Tree) : size (mirror t) = size t := by
  induction t with
  | leaf => rfl
  | fork l x r ihl ihr =>
    rw [mirror, size, ihl, ihr, size]
    omega

/-- The mirror keeps the depth. -/
theorem depth_mirror (t : Tree) : depth (mirror t) = depth t := by
  induction t with
  | leaf => rfl
  | fork l x r ihl ihr =>
    rw [mirror, depth, ihl, ihr, depth, Nat.max_comm]

/-- A tree is not deeper than large. -/
theorem depth_le_size (t : Tree) : depth t ≤ size t := by
  induction t with
  | leaf => exact Nat.le_refl 0
  | fork l x r ihl ihr =>
    rw [depth, size]
    omega

/-- A tree of depth `d` has less than `2 ^ d` forks. -/
theorem size_lt_two_pow (t : Tree) : size t < 2 ^ depth t := by
  induction t with
  | leaf => decide
  | fork l x r ihl ihr =>
    have hl : 2 ^ depth l ≤ 2 ^ max (depth l) (depth r) := Nat.pow_le_pow_right (by decide) (Nat.le_max_left _ _)
    have hr : 2 ^ depth r ≤ 2 ^ max (depth l) (depth r) := Nat.pow_le_pow_right (by decide) (Nat.le_max_right _ _)
    rw [size, depth, Nat.pow_succ]
    omega

/-- The list of a tree is as long as the tree is large. -/
theorem length_flatten (t : Tree) : (flatten t).length = size t := by
  induction t with
  | leaf => rfl
  | fork l x r ihl ihr =>
    rw [flatten, List.length_append, List.length_cons, ihl, ihr, size]
    omega

/-- The list of a mirrored tree is turned round. -/
theorem flatten_mirror (t : Tree) : flatten (mirror t) = (flatten t).reverse := by
  induction t with
  | leaf => rfl
  | fork l x r ihl ihr =>
    rw [mirror, flatten, ihl, ihr, flatten, List.reverse_append, List.reverse_cons, List.append_assoc]
    rfl

/-- The quicker way makes the same list. -/
theorem flattenOnto_eq (t : Tree) (ys : List Nat) : flattenOnto t ys = flatten t ++ ys := by
  induction t generalizing ys with
  | leaf => rfl
  | fork l x r ihl ihr =>
    rw [flattenOnto, ihr, ihl, flatten, List.append_assoc]
    rfl

/-- A step that may fail, and another: the first has been made. -/
theorem bind_eq_some {α β : Type} (o : Option α) (f : α → Option β) (b : β) (h : o.bind f = some b) :
    ∃ a, o = some a ∧ f a = some b := by
  cases o with
  | none => simp at h
  | some a =>
    refine ⟨a, rfl, ?_⟩
    exact h

/-- The relation "reached by steps". -/
inductive Reach {α : Type} (r : α → α → Prop) : α → α → Prop where
  | here (a : α) : Reach r a a
  | step (a b c : α) : r a b → Reach r b c → Reach r a c

/-- What is reached from what is reached is reached. -/
theorem reach_trans {α : Type} (r : α → α → Prop) (a b c : α) (h : Reach r a b) (k : Reach r b c) : Reach r a c := by
  induction h with
  | here a => exact k
  | step a b _ hab _ ih => exact Reach.step a b c hab (ih k)

/-- Something that every step keeps is kept for ever. -/
theorem reach_invariant {α : Type} (r : α → α → Prop) (p : α → Prop) (hr : ∀ a b, r a b → p a → p b) (a b : α)
    (h : Reach r a b) (ha : p a) : p b := by
  induction h with
  | here a => exact ha
  | step a b c hab _ ih =>
    apply ih
    exact hr a b hab ha

/-- Where every step can be taken back, so can every way. -/
theorem reach_symm {α : Type} (r : α → α → Prop) (hr : ∀ a b, r a b → r b a) (a b : α) (h : Reach r a b) :
    Reach r b a := by
  induction h with
  | here a => exact Reach.here a
  | step a b c hab _ ih =>
    have hback : Reach r b a := Reach.step b a a (hr a b hab) (Reach.here a)
    exact reach_trans r c b a ih hback

end Sets
