module
prelude
public section
inductive N where
  | z
  | s (n : N)
@[expose] noncomputable def N.add (a b : N) : N := N.rec a (fun _ r => N.s r) b
theorem N.explosion (_a : N) (h : (p : Prop) → p) : (q : Prop) → q := fun q => h q
private theorem N.hidden (p : Prop) (h : p) : p := h
