-- target[bystander] | expected: REJECT KERNEL, SCOPE (a proof of the trusted file is done again, unchecked, then used)
def cube (n : Nat) : Nat := n * n * n

set_option debug.skipKernelTC true in
@[simp] theorem cube_zero : cube 0 = 0 := by
  have bad : 10 < 7 := by decide +kernel
  omega

instance : Inhabited (Fin 5) := ⟨3⟩

namespace Toolbox

def pick : Nat := 4

end Toolbox

theorem target : ∀ n : Nat, 0 + n = n := fun n => by
  have := cube_zero
  omega
