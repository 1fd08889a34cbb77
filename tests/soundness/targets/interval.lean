-- trusted target `interval` (FALSE)
structure Interval where
  low : Nat
  high : Nat
  ordered : low ≤ high

theorem target : ∀ i : Interval, i.low < i.high := by
  sorry
