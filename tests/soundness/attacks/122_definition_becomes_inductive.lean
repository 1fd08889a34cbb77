-- target[tiny] | expected: REJECT STATEMENT, KIND (the same type, another kind)
inductive Tiny (n : Nat) : Prop where
  | any : Tiny n

theorem target : ∀ n : Nat, Tiny n := fun _ => .any
