-- target[zero_add] | expected: REJECT SCOPE (a syntax of its own, that begins with an old word and has priority)
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

macro (priority := 2000) "omega" : tactic => `(tactic| skip)
