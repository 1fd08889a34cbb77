-- target[zero_add] | expected: REJECT SIDE_EFFECT
builtin_initialize counter : IO.Ref Nat ← IO.mkRef 0

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
