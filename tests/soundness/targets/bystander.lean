-- trusted target `bystander` (TRUE; the other declarations are nobody's business)
def cube (n : Nat) : Nat := n * n * n

@[simp] theorem cube_zero : cube 0 = 0 := rfl

instance : Inhabited (Fin 5) := ⟨3⟩

namespace Toolbox

def pick : Nat := 4

end Toolbox

theorem target : ∀ n : Nat, 0 + n = n := by
  sorry
