-- target[secret] | expected: REJECT STATEMENT, AXIOM (the value of an opaque constant counts)
opaque secret : Nat := 41

axiom secret_eq : secret = 41

theorem target : secret = 41 := secret_eq
