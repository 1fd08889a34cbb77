-- target[secret] | expected: REJECT STATEMENT, KIND
def secret : Nat := 41

theorem target : secret = 41 := rfl
