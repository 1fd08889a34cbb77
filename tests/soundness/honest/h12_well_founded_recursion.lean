-- target[zero_add] | expected: ACCEPT (`termination_by` and `decreasing_by` with real proofs)
def halvings (n : Nat) : Nat :=
  if n ≤ 1 then 0 else halvings (n / 2) + 1
termination_by n
decreasing_by
  rename_i h
  exact Nat.div_lt_self (by omega) (by decide)

theorem halvings_zero : halvings 0 = 0 := by
  rw [halvings]
  simp

theorem target : ∀ n : Nat, 0 + n = n := by
  intro n
  have := halvings_zero
  omega
