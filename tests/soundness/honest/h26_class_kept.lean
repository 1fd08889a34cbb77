-- target[measured_true] | expected: ACCEPT (class and instance are as they were; one instance of the class is new)
class Measured (α : Type) where
  size : α → Nat

instance measuredNat : Measured Nat where
  size n := n + 1

structure Pebble where

instance : Measured Pebble where
  size _ := 1

theorem target : ∀ n : Nat, 0 < Measured.size n := fun n => Nat.succ_pos n
