-- target[below] | expected: REJECT RESOURCE, BUILD (each instance asks for two larger ones)
class Climb (n : Nat) : Prop where
  top : n < 7

instance [Climb (2 * n)] [Climb (2 * n + 1)] : Climb n := ⟨by have := Climb.top (n := 2 * n); omega⟩

set_option synthInstance.maxHeartbeats 0
set_option synthInstance.maxSize 1000000000
set_option maxHeartbeats 0

theorem target : ∀ n : Nat, n < 7 := fun n => (inferInstance : Climb n).top
