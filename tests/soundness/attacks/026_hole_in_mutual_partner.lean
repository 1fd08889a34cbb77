-- target[below] | expected: REJECT SORRY (the theorem's partner is open)
mutual
theorem target : ∀ n : Nat, n < 7 := fun n => partner n

theorem partner (n : Nat) : n < 7 := by
  sorry
end
