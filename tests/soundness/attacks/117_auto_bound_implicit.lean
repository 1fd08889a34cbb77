-- target[below] | expected: REJECT STATEMENT (a misspelled `nat` becomes a variable of the theorem)
set_option autoImplicit true in
theorem target : ∀ n : nat, n = n := fun _ => rfl
