-- target[zero_add] | expected: REJECT SCOPE (an own class that extends a library one: each step alone looks like an own instance)
class Ranked (α : Type) extends LT α

attribute [instance 2000] Ranked.toLT

instance : Ranked Nat := { lt := fun _ _ => True }

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

example (n : Nat) : n < 0 := trivial
