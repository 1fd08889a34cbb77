-- target[below] | expected: REJECT STATEMENT (the type is another one)
local notation "Nat" => Fin 7

theorem target : ∀ n : Nat, n.val < 7 := fun n => n.isLt
