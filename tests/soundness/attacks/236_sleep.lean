-- target[zero_add] | expected: REJECT RESOURCE, SIDE_EFFECT, CHANNEL (an hour of doing nothing)
#eval IO.sleep 3600000

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
