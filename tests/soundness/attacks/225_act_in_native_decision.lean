-- target[bool_comm] | expected: REJECT TRUST_COMPILER, SIDE_EFFECT, HYGIENE (the decision procedure writes a file)
unsafe def actUnsafe (b : Bool) : Bool :=
  match unsafeIO (IO.FS.writeFile "decided" "yes") with
  | .ok _ => b
  | .error _ => b

@[implemented_by actUnsafe]
def same (b : Bool) : Bool := b

theorem seen : same true = true := by native_decide

theorem target : ∀ a b : Bool, (a && b) = (b && a) := by
  have := seen
  decide
