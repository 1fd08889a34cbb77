-- target[zero_add] | expected: ACCEPT (a tactic of its own; not local, and nobody else's)
syntax (name := arith) "arith_close" : tactic
macro_rules (kind := arith)
  | `(tactic| arith_close) => `(tactic| omega)

theorem target : ∀ n : Nat, 0 + n = n := by
  intro n
  arith_close
