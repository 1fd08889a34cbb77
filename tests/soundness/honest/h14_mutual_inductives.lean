-- target[zero_add] | expected: ACCEPT (own types that refer to each other, and theorems likewise)
mutual
inductive Tree where
  | node : Nat → Forest → Tree

inductive Forest where
  | nil : Forest
  | cons : Tree → Forest → Forest
end

mutual
def Tree.size : Tree → Nat
  | .node _ f => 1 + f.size

def Forest.size : Forest → Nat
  | .nil => 0
  | .cons t f => t.size + f.size
end

theorem Tree.size_pos (t : Tree) : 0 < t.size := by
  cases t
  simp [Tree.size]
  omega

theorem target : ∀ n : Nat, 0 + n = n := fun n => by
  have := Tree.size_pos (.node n .nil)
  omega
