-- target[bystander] | expected: ACCEPT (everything else is as it was; new lemmas before and after)
def cube (n : Nat) : Nat := n * n * n

@[simp] theorem cube_zero : cube 0 = 0 := rfl

theorem cube_one : cube 1 = 1 := by simp [cube]

instance : Inhabited (Fin 5) := ⟨3⟩

namespace Toolbox

def pick : Nat := 4

end Toolbox

theorem target : ∀ n : Nat, 0 + n = n := by simp

theorem target_again (n : Nat) : 0 + (0 + n) = n := by rw [target, target]
