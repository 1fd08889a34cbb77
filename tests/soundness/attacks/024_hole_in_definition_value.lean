-- target[below] | expected: REJECT SORRY (data, then its specification)
def limit : { k : Nat // (∀ n : Nat, n < k) ∧ k = 7 } := sorry

theorem target : ∀ n : Nat, n < 7 := fun n => limit.2.2 ▸ limit.2.1 n
