-- target[notation] | expected: REJECT STATEMENT (the symbol stands for another definition)
public section

def divides (m n : Nat) : Prop := ∃ k, n = m * k

def dividesOrNot (m n : Nat) : Prop := divides m n ∨ m = m

infix:50 " divs " => dividesOrNot

theorem target : ∀ m n : Nat, m divs n := fun _ _ => .inr rfl
