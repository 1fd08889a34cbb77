-- target[zero_add] | expected: REJECT HYGIENE, SCOPE (honest; but no honest proof leaves unsafe code)
unsafe def address (n : Nat) : USize := ptrAddrUnsafe n

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
