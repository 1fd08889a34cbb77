-- target[namespaced] | expected: ACCEPT (`open`, `namespace`, `variable` of the target)
namespace Algebra

open Nat

variable {m n : Nat}

private theorem pred_eq (h : m = n) : pred m = pred n := by rw [h]

theorem target (h : succ m = succ n) : m = n := pred_eq h

end Algebra
