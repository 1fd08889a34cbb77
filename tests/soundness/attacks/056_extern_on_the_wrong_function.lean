-- target[below] | expected: REJECT TRUST_COMPILER | embedded: cannot run (the library's machine code for another function)
@[extern "lean_nat_add"]
def minus (m n : Nat) : Nat := m - n

theorem bad : minus 3 2 = 5 := by native_decide

theorem target : ∀ n : Nat, n < 7 := fun _ => absurd bad (by decide)
