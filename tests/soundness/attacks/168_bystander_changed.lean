-- target[bystander] | expected: REJECT SCOPE (the value of a definition that the statement does not reach)
def cube (n : Nat) : Nat := n * n * n

@[simp] theorem cube_zero : cube 0 = 0 := rfl

instance : Inhabited (Fin 5) := ⟨3⟩

namespace Toolbox

def pick : Nat := 5

end Toolbox

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
