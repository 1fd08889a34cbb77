-- target[mutual] | expected: REJECT STATEMENT (the partner of the definition that the statement names)
mutual
def isEven : Nat → Bool
  | 0 => true
  | n + 1 => isOdd n

def isOdd : Nat → Bool
  | 0 => true
  | n + 1 => isEven n
end

theorem target : ∀ n : Nat, isEven n = isOdd n
  | 0 => by simp [isEven, isOdd]
  | n + 1 => by simp [isEven, isOdd, target n]
