-- target[below] | expected: NOT PROVED (the stack, in the kernel)
def down : Nat → Bool
  | 0 => true
  | n + 1 => down n

set_option maxRecDepth 100000000 in
theorem deep : down 50000000 = false := by decide +kernel

theorem target : ∀ n : Nat, n < 7 := fun _ => absurd deep (by decide)
