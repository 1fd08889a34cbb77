-- trusted target `mutual` (FALSE; definitions that call each other)
mutual
def isEven : Nat → Bool
  | 0 => true
  | n + 1 => isOdd n

def isOdd : Nat → Bool
  | 0 => false
  | n + 1 => isEven n
end

theorem target : ∀ n : Nat, isEven n = isOdd n := by
  sorry
