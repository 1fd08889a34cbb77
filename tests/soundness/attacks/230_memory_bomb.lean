-- target[below] | expected: REJECT RESOURCE, BUILD (a number of 2 ^ 45 bits)
set_option exponentiation.threshold 100000000000000

theorem target : ∀ n : Nat, n < 7 := by
  have : 2 ^ (2 ^ 45) % 11 = 1 := by decide +kernel
  omega
