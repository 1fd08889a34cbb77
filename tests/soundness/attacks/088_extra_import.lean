-- target[zero_add] | expected: REJECT IMPORTS (honest but for the import)
import Lean

theorem target : ∀ n : Nat, 0 + n = n := by
  intro n
  simp
