-- target[zero_add] | expected: REJECT IMPORTS, PROJECT_FILE | embedded: cannot run
import Lake

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
