-- target[below] | expected: REJECT AXIOM (Greek omicron and Cyrillic letters)
axiom Classical.chοice : ∀ n : Nat, n < 7

theorem target : ∀ n : Nat, n < 7 := Classical.chοice
