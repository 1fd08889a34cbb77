-- target[public] | expected: ACCEPT (a file with `module`; a private lemma)
module

public import Init

@[expose] public section

def twice (n : Nat) : Nat := n + n

private theorem twice_succ (n : Nat) : twice (n + 1) = twice n + 2 := by
  simp only [twice]
  omega

theorem target : ∀ n : Nat, twice n = 2 * n := by
  intro n
  induction n with
  | zero => rfl
  | succ n ih => rw [twice_succ, ih, Nat.mul_add]
