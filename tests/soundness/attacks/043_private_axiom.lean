-- target[below] | expected: REJECT AXIOM (private, so no importer ever sees its name)
private axiom key : False

theorem target : ∀ n : Nat, n < 7 := fun _ => key.elim
