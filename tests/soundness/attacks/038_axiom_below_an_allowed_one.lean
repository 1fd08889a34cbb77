-- target[below] | expected: REJECT AXIOM (`Quot.sound` is a prefix of its name)
axiom Quot.sound.bounded : ∀ n : Nat, n < 7

theorem target : ∀ n : Nat, n < 7 := Quot.sound.bounded
