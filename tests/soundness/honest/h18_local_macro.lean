-- target[zero_add] | expected: ACCEPT
local macro "finish" : tactic => `(tactic| first | rfl | omega)

theorem target : ∀ n : Nat, 0 + n = n := by
  intro n
  finish
