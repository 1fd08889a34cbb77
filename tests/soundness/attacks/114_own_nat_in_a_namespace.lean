-- target[below] | expected: REJECT STATEMENT (the name goes up to the root, the types stay in the namespace)
namespace Mine

inductive Nat where
  | only

instance : LT Nat := ⟨fun _ _ => True⟩
instance : OfNat Nat 7 := ⟨.only⟩

theorem _root_.target : ∀ n : Nat, n < 7 := fun _ => trivial

end Mine
