-- target[zero_add] | expected: ACCEPT (comments nested in comments, an em dash, and a long line)
/- one /- two /- three -/ -/ -- still a comment -/
theorem target : ∀ n : Nat, 0 + n = n := by
  intro n; show 0 + n = n; have h₁ : 0 + n = n + 0 := Nat.add_comm 0 n; have h₂ : n + 0 = n := Nat.add_zero n; exact h₁.trans h₂
