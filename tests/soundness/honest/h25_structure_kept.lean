-- target[interval_true] | expected: ACCEPT (structure, definition and namespace are as they were; lemmas between them)
structure Interval where
  low : Nat
  high : Nat
  ordered : low ≤ high

namespace Interval

def length (i : Interval) : Nat := i.high - i.low

theorem low_add_length (i : Interval) : i.low + i.length = i.high := by
  have := i.ordered
  simp only [length]
  omega

end Interval

theorem target : ∀ i : Interval, i.low + i.length = i.high := Interval.low_add_length
