-- target[below] | expected: REJECT KERNEL (found by instance search; class and type are the attempt's own)
class Absurd (α : Type) where
  absurd : 0 = 1

structure Token where

set_option debug.skipKernelTC true in
instance : Absurd Token := ⟨by decide +kernel⟩

theorem target : ∀ n : Nat, n < 7 := fun _ => absurd (Absurd.absurd Token) (by decide)
