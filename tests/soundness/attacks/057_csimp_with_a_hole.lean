-- target[below] | expected: REJECT SORRY, TRUST_COMPILER (the compiler replaces one function by another)
public section

def slow (n : Nat) : Nat := n
def fast (_ : Nat) : Nat := 0

@[csimp] theorem slow_eq_fast : @slow = @fast := sorry

end

theorem bad : slow 1 = 0 := by native_decide

theorem target : ∀ n : Nat, n < 7 := fun _ => absurd bad (by decide +kernel)
