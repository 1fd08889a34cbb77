-- target[zero_add] | expected: REJECT AXIOM, SCOPE (the theorem is proved; the file leaves an inconsistent axiom behind)
theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

axiom backdoor : False
