prelude
set_option genCtorIdx false
inductive Nat where
  | zero
  | succ (n : Nat)
axiom lcAny : Type
class OfNat.{u} (α : Type u) (_ : Nat) : Type u where
  ofNat : α
noncomputable instance instOfNatNat (n : Nat) : OfNat.{0} Nat n := OfNat.mk n
noncomputable def beyondWord : Nat := 123456789012345678901234567890
noncomputable def largestWord : Nat := 18446744073709551615
axiom bad : (p : Prop) → p
theorem anything (p : Prop) : p := bad p
