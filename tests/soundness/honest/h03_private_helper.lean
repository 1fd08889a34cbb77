-- target[zero_add] | expected: ACCEPT
private theorem zero_plus : ∀ n : Nat, 0 + n = n
  | 0 => rfl
  | n + 1 => congrArg Nat.succ (zero_plus n)

theorem target : ∀ n : Nat, 0 + n = n := fun n => zero_plus n
