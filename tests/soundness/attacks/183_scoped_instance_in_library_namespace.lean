-- target[zero_add] | expected: REJECT SCOPE (sleeps until somebody writes `open Nat`)
namespace Nat
scoped instance : LT Nat := ⟨fun _ _ => True⟩
end Nat

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
