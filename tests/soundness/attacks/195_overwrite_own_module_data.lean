-- target[below] | expected: REJECT SIDE_EFFECT, SORRY (writes where its own compiled data will be)
#eval IO.FS.writeFile "M.olean" "olean"
#eval IO.FS.writeFile "M.olean.private" "olean"

theorem target : ∀ n : Nat, n < 7 := by sorry
