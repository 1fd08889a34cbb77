-- target[interval] | expected: REJECT STATEMENT (no constructor; the projections are functions from nothing)
inductive Interval : Type

def Interval.low : Interval → Nat := nofun
def Interval.high : Interval → Nat := nofun

theorem target : ∀ i : Interval, i.low < i.high := nofun
