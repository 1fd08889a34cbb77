-- target[zero_add] | expected: ACCEPT (local: it ends with the file)
local notation "∅ₙ" => (0 : Nat)
local infixl:65 " ⊹ " => Nat.add

theorem plus_empty (n : Nat) : ∅ₙ ⊹ n = n := Nat.zero_add n

theorem target : ∀ n : Nat, 0 + n = n := plus_empty
