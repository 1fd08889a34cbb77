-- target[bystander] | expected: REJECT SORRY, SCOPE (the proof of another theorem is replaced by a hole)
def cube (n : Nat) : Nat := n * n * n

@[simp] theorem cube_zero : cube 0 = 0 := by sorry

instance : Inhabited (Fin 5) := ⟨3⟩

namespace Toolbox

def pick : Nat := 4

end Toolbox

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
