theorem Book.last (n : Nat) (h : n < 1) : n = 0 := by
  omega
