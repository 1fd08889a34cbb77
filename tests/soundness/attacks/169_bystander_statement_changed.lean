-- target[bystander] | expected: REJECT SCOPE, STATEMENT (another theorem says less than it did)
def cube (n : Nat) : Nat := n * n * n

@[simp] theorem cube_zero : cube 0 ≤ 0 := Nat.le_refl 0

instance : Inhabited (Fin 5) := ⟨3⟩

namespace Toolbox

def pick : Nat := 4

end Toolbox

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
