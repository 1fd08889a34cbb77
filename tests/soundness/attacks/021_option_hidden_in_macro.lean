-- target[below] | expected: REJECT SORRY (the option is set by a macro's expansion)
local macro "quick " c:command : command => `(command| set_option debug.byAsSorry true in $c)

quick theorem target : ∀ n : Nat, n < 7 := by
  omega
