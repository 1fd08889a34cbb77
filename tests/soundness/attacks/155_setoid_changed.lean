-- target[parity] | expected: REJECT STATEMENT (the relation holds for all; the quotient is a point)
def sameParity : Setoid Nat where
  r _ _ := True
  iseqv := ⟨fun _ => trivial, fun _ => trivial, fun _ _ => trivial⟩

theorem target : (Quotient.mk sameParity 1 : Quotient sameParity) = Quotient.mk sameParity 3 := Quotient.sound trivial
