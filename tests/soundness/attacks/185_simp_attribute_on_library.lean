-- target[zero_add] | expected: REJECT SCOPE (importers' `simp` works with another set)
attribute [simp] Nat.add_comm Nat.mul_comm

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
