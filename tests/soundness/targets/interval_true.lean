-- trusted target `interval_true` (TRUE)
structure Interval where
  low : Nat
  high : Nat
  ordered : low ≤ high

namespace Interval

def length (i : Interval) : Nat := i.high - i.low

end Interval

theorem target : ∀ i : Interval, i.low + i.length = i.high := by
  sorry
