-- target[zero_add] | expected: REJECT SIDE_EFFECT, HYGIENE, TRUST_COMPILER | embedded: cannot run (a macro that writes a file: no `#eval`, no `initialize`)
unsafe def actUnsafe (_ : Unit) : Bool :=
  match unsafeIO (IO.FS.writeFile "expanded" "yes") with
  | .ok _ => true
  | .error _ => false

@[implemented_by actUnsafe]
def act (_ : Unit) : Bool := true

local macro "busy" : tactic => if act () then `(tactic| omega) else `(tactic| simp)

theorem target : ∀ n : Nat, 0 + n = n := by
  intro n
  busy
