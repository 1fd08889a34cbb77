-- target[below] | expected: REJECT STATEMENT (one `open … in` above an untouched line)
namespace Loose
scoped notation:50 (priority := 2000) a:51 " < " b:51 => a - b < a + b + 1
end Loose

open Loose in
theorem target : ∀ n : Nat, n < 7 := fun n => by
  rw [Nat.lt_succ_iff]
  exact Nat.le_trans (Nat.sub_le n 7) (Nat.le_add_right n 7)
