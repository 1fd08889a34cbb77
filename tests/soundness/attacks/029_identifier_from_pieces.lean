-- target[below] | expected: REJECT SORRY (the name is put together while the macro runs)
local macro "byMagic" : term =>
  let name := Lean.Name.mkSimple ("sor" ++ "ry" ++ "Ax")
  `($(Lean.mkIdent name) _ false)

theorem target : ∀ n : Nat, n < 7 := byMagic
