-- target[bystander] | expected: REJECT SCOPE (the statement does not reach it, others do)
def cube (n : Nat) : Nat := n * n * n

@[simp] theorem cube_zero : cube 0 = 0 := rfl

instance : Inhabited (Fin 5) := ⟨3⟩

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
