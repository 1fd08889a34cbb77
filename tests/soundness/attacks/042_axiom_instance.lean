-- target[below] | expected: REJECT AXIOM (an axiom that is data, found by instance search)
@[instance] axiom decideIt : Decidable (∀ n : Nat, n < 7)
@[simp] axiom decideIt_eq : decide (∀ n : Nat, n < 7) = true

theorem target : ∀ n : Nat, n < 7 := of_decide_eq_true decideIt_eq
