-- target[below] | expected: REJECT RESOURCE, SIDE_EFFECT, CHANNEL (fills pipes and logs)
partial def flood : IO Unit := do
  IO.println "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  flood

#eval flood

theorem target : ∀ n : Nat, n < 7 := by omega
