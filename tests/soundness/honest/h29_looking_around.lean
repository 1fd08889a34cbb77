-- target[zero_add] | expected: ACCEPT (`#check`, `#print` and `example` in passing)
#check Nat.zero_add
#check (fun n : Nat => n + 0)
#print Nat.add

example : 0 + 2 = 2 := rfl

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add

example : 0 + 5 = 5 := target 5
