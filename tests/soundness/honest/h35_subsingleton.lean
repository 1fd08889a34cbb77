-- target[zero_add] | expected: ACCEPT (a subsingleton, an unnamed instance argument, `Subtype`, anonymous constructors)
theorem proofs_agree {p : Prop} (h k : p) : h = k := Subsingleton.elim h k

def witness (n : Nat) : { k : Nat // 0 + k = k } := ⟨n, Nat.zero_add n⟩

theorem target : ∀ n : Nat, 0 + n = n := fun n =>
  have : proofs_agree (witness n).2 (witness n).2 = rfl := rfl
  (witness n).property
