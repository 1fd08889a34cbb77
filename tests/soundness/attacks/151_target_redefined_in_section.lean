-- target[namespaced] | expected: REJECT STATEMENT (a variable is a hypothesis now)
namespace Algebra

open Nat

variable {m n : Nat} (same : m = n)

include same in
theorem target (_ : succ m = succ n) : m = n := same

end Algebra
