-- target[below] | expected: REJECT CHANNEL, AXIOM
axiom bounded : ∀ n : Nat, n < 7
theorem target : ∀ n : Nat, n < 7 := bounded

#eval IO.println "'target' depends on axioms: [propext, Classical.choice, Quot.sound]"
