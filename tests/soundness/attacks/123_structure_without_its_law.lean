-- target[interval] | expected: REJECT STATEMENT (a field says more than before)
structure Interval where
  low : Nat
  high : Nat
  ordered : low < high

theorem target : ∀ i : Interval, i.low < i.high := fun i => i.ordered
