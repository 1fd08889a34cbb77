-- target[below] | expected: REJECT MISSING (no constant of that name: an abbreviation of the parser's)
local notation "target" => (fun n : Nat => Nat.lt_succ_self n)

example : ∀ n : Nat, n < n + 1 := target
