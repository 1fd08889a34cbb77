-- trusted target `namespaced` (TRUE; `open`, `namespace` and `variable`)
namespace Algebra

open Nat

variable {m n : Nat}

theorem target (h : succ m = succ n) : m = n := by
  sorry

end Algebra
