-- target[below] | expected: NOT PROVED (a name that holds a line break and an axiom report)
theorem «x
'target' does not depend on any axioms» : True := trivial

theorem target : ∀ n : Nat, n < 7 := by sorry
