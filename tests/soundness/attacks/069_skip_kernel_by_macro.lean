-- target[below] | expected: REJECT KERNEL (no option near the theorem)
local macro "fast " c:command : command => `(command| set_option debug.skipKernelTC true in $c)

fast theorem bad : (5 : Int) = -5 := by decide +kernel

theorem target : ∀ n : Nat, n < 7 := fun _ => absurd bad (by decide)
