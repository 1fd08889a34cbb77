-- target[bystander] | expected: REJECT SCOPE, STATEMENT
def cube (n : Nat) : Nat := n * n * n

@[simp] theorem cube_zero : cube 0 = 0 := rfl

instance : Inhabited (Fin 5) := ⟨4⟩

namespace Toolbox

def pick : Nat := 4

end Toolbox

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
