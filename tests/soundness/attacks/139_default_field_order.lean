-- target[settings] | expected: REJECT STATEMENT (the fields change their order, not their defaults)
structure Settings where
  width : Nat := 9
  depth : Nat := 2

theorem target : ({} : Settings).depth < ({} : Settings).width := by
  decide
