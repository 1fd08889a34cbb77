-- target[zero_add] | expected: REJECT SCOPE (`deriving` makes an instance of a library class for a library type)
deriving instance BEq for Except

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
