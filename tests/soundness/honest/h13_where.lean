-- target[zero_add] | expected: ACCEPT
theorem target : ∀ n : Nat, 0 + n = n := go
where
  go : ∀ n : Nat, 0 + n = n
    | 0 => rfl
    | n + 1 => congrArg (· + 1) (go n)
