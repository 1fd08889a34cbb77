-- target[bystander] | expected: REJECT SCOPE (an attribute on a trusted definition: `simp` and `decide` stop at it)
@[irreducible] def cube (n : Nat) : Nat := n * n * n

@[simp] theorem cube_zero : cube 0 = 0 := by simp [cube]

instance : Inhabited (Fin 5) := ⟨3⟩

namespace Toolbox

def pick : Nat := 4

end Toolbox

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
