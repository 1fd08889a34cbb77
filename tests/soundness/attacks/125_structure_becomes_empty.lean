-- target[interval] | expected: REJECT STATEMENT (one more field, and no interval at all)
structure Interval where
  low : Nat
  high : Nat
  ordered : low ≤ high
  none : False

theorem target : ∀ i : Interval, i.low < i.high := fun i => i.none.elim
