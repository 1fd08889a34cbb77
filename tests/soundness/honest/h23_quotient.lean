-- target[parity] | expected: ACCEPT (`Quot.sound`, with the target's definition kept)
def sameParity : Setoid Nat where
  r a b := a % 2 = b % 2
  iseqv := ⟨fun _ => rfl, fun h => h.symm, fun h k => h.trans k⟩

theorem target : (Quotient.mk sameParity 1 : Quotient sameParity) = Quotient.mk sameParity 3 :=
  Quotient.sound (show 1 % 2 = 3 % 2 from rfl)
