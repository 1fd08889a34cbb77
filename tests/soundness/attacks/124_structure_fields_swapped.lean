-- target[interval] | expected: REJECT STATEMENT (`low` and `high` change places, names and types stay; the law is a little stronger)
structure Interval where
  high : Nat
  low : Nat
  ordered : low + 1 ≤ high

theorem target : ∀ i : Interval, i.low < i.high := fun i => i.ordered
