-- target[below] | expected: REJECT TRUST_COMPILER (the axiom applied by hand)
def ten : Nat := 10

@[implemented_by ten]
def three : Nat := 3

def again : Nat := three

theorem bad : again = 10 := Lean.ofReduceNat again 10 (by decide +kernel)

theorem target : ∀ n : Nat, n < 7 := fun _ => absurd bad (by decide)
