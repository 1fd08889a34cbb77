-- target[zero_add] | expected: REJECT SIDE_EFFECT | embedded: cannot run (the same by attribute)
public meta def greet : IO Unit := pure ()

@[init greet] public meta opaque greeted : Unit

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
