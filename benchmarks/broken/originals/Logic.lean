/-!
# Logic

Statements, predicates, functions: what follows from what by pure thought.
-/

namespace Logic

/-- Two statements of which each follows from the other may be exchanged in an implication. -/
theorem imp_congr_both (p q r s : Prop) (h : p ↔ q) (k : r ↔ s) : (p → r) ↔ (q → s) := by
  constructor
  · intro f hq
    exact k.mp (f (h.mpr hq))
  · intro f hp
    exact k.mpr (f (h.mp hp))

/-- "And" distributes over "or". -/
theorem and_or_distrib (p q r : Prop) : p ∧ (q ∨ r) ↔ (p ∧ q) ∨ (p ∧ r) := by
  constructor
  · rintro ⟨hp, hq | hr⟩
    · exact Or.inl ⟨hp, hq⟩
    · exact Or.inr ⟨hp, hr⟩
  · rintro (⟨hp, hq⟩ | ⟨hp, hr⟩)
    · exact ⟨hp, Or.inl hq⟩
    · exact ⟨hp, Or.inr hr⟩

/-- De Morgan's law that needs the excluded middle. -/
theorem not_and_iff (p q : Prop) : ¬(p ∧ q) ↔ ¬p ∨ ¬q := by
  constructor
  · intro h
    by_cases hp : p
    · right
      intro hq
      exact h ⟨hp, hq⟩
    · left
      exact hp
  · intro h hpq
    rcases h with hp | hq
    · exact hp hpq.1
    · exact hq hpq.2

/-- Peirce's law. -/
theorem peirce (p q : Prop) (h : (p → q) → p) : p := by
  by_cases hp : p
  · exact hp
  · apply h
    intro hp'
    exact absurd hp' hp

/-- The barber who shaves all who do not shave themselves does not exist. -/
theorem no_barber (α : Type) (shaves : α → α → Prop) : ¬∃ b, ∀ x, shaves b x ↔ ¬shaves x x := by
  intro h
  obtain ⟨b, hb⟩ := h
  have hself := hb b
  have hnot : ¬shaves b b := fun hs => (hself.mp hs) hs
  exact hnot (hself.mpr hnot)

/-- Not everybody has a property exactly when somebody does not have it. -/
theorem not_forall_iff {α : Type} (p : α → Prop) : (¬∀ x, p x) ↔ ∃ x, ¬p x := by
  constructor
  · intro h
    apply Classical.byContradiction
    intro hne
    apply h
    intro x
    apply Classical.byContradiction
    intro hx
    exact hne ⟨x, hx⟩
  · intro h hall
    obtain ⟨x, hx⟩ := h
    exact hx (hall x)

/-- In every tavern where somebody is, somebody drinks only if all drink. -/
theorem drinker {α : Type} (a : α) (drinks : α → Prop) : ∃ x, drinks x → ∀ y, drinks y := by
  by_cases h : ∀ y, drinks y
  · exact ⟨a, fun _ => h⟩
  · obtain ⟨x, hx⟩ := (not_forall_iff drinks).mp h
    refine ⟨x, ?_⟩
    intro hd
    exact absurd hd hx

/-- What exists for both exists for one of them. -/
theorem exists_or_iff {α : Type} (p q : α → Prop) : (∃ x, p x ∨ q x) ↔ (∃ x, p x) ∨ ∃ x, q x := by
  constructor
  · intro h
    obtain ⟨x, hp | hq⟩ := h
    · exact Or.inl ⟨x, hp⟩
    · exact Or.inr ⟨x, hq⟩
  · intro h
    rcases h with ⟨x, hp⟩ | ⟨x, hq⟩
    · exact ⟨x, Or.inl hp⟩
    · exact ⟨x, Or.inr hq⟩

/-- What is one for all is for all one. -/
theorem exists_forall {α β : Type} (r : α → β → Prop) (h : ∃ x, ∀ y, r x y) : ∀ y, ∃ x, r x y := by
  obtain ⟨x, hx⟩ := h
  intro y
  exact ⟨x, hx y⟩

/-- Different values come from different arguments. -/
def Injective {α β : Type} (f : α → β) : Prop :=
  ∀ a b, f a = f b → a = b

/-- Every value is taken. -/
def Surjective {α β : Type} (f : α → β) : Prop :=
  ∀ b, ∃ a, f a = b

/-- One injective function after another is injective. -/
theorem injective_comp {α β γ : Type} (f : α → β) (g : β → γ) (hf : Injective f) (hg : Injective g) :
    Injective (fun x => g (f x)) := by
  intro a b h
  apply hf
  apply hg
  exact h

/-- One surjective function after another is surjective. -/
theorem surjective_comp {α β γ : Type} (f : α → β) (g : β → γ) (hf : Surjective f) (hg : Surjective g) :
    Surjective (fun x => g (f x)) := by
  intro c
  obtain ⟨b, hb⟩ := hg c
  obtain ⟨a, ha⟩ := hf b
  refine ⟨a, ?_⟩
  show g (f a) = c
  rw [ha, hb]

/-- A function that can be undone is injective. -/
theorem injective_of_left_inverse {α β : Type} (f : α → β) (g : β → α) (h : ∀ x, g (f x) = x) : Injective f := by
  intro a b hab
  calc
    a = g (f a) := (h a).symm
    _ = g (f b) := by rw [hab]
    _ = b := h b

/-- Of a composition that is surjective the second function is. -/
theorem surjective_of_comp {α β γ : Type} (f : α → β) (g : β → γ) (h : Surjective (fun x => g (f x))) :
    Surjective g := by
  intro c
  obtain ⟨a, ha⟩ := h c
  exact ⟨f a, ha⟩

/-- Cantor: no function from a type onto its predicates. -/
theorem cantor {α : Type} (f : α → α → Prop) : ¬Surjective f := by
  intro h
  obtain ⟨a, ha⟩ := h (fun x => ¬f x x)
  have heq : f a a = ¬f a a := congrFun ha a
  by_cases hself : f a a
  · have hnot : ¬f a a := heq ▸ hself
    exact hnot hself
  · have hyes : f a a := heq.symm ▸ hself
    exact hself hyes

/-- A function that is its own inverse hits everything. -/
theorem surjective_of_involutive {α : Type} (f : α → α) (h : ∀ x, f (f x) = x) : Injective f ∧ Surjective f := by
  constructor
  · intro a b hab
    rw [← h a, hab, h b]
  · intro b
    exact ⟨f b, h b⟩

end Logic
