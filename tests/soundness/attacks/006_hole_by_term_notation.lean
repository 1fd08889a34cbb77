-- target[below] | expected: REJECT SORRY (an ordinary identifier behind a notation)
local notation "∎" => sorryAx _ true

theorem target : ∀ n : Nat, n < 7 := ∎
