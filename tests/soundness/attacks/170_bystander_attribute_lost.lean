-- target[bystander] | expected: REJECT SCOPE (the simp set that others rely on is smaller)
def cube (n : Nat) : Nat := n * n * n

theorem cube_zero : cube 0 = 0 := rfl

instance : Inhabited (Fin 5) := ⟨3⟩

namespace Toolbox

def pick : Nat := 4

end Toolbox

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
