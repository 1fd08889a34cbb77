-- target[settings] | expected: REJECT STATEMENT (`{}` means something else)
structure Settings where
  depth : Nat := 1
  width : Nat := 2

theorem target : ({} : Settings).depth < ({} : Settings).width := by
  decide
