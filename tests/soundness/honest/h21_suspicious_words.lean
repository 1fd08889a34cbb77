-- target[zero_add] | expected: ACCEPT (`sorry`, `axiom`, `native_decide`, `IO.FS.writeFile` in comments, texts and names)
/-! No sorry, no axiom; `set_option debug.skipKernelTC true` is not used. -/

/-- Says "sorry" and `admit`. -/
def apology : String := "sorry -- axiom native_decide #eval IO.Process.exit 0 unsafe /- import Lean"

theorem sorry_free (n : Nat) : 0 + n = n := Nat.zero_add n -- sorry about the name

theorem axiom_of_addition : 0 + 0 = 0 := rfl

def «sorry» : Nat := 0

def unsafe_looking (stop admit' : Nat) : Nat := stop + admit'

/- stop
   run_cmd elab initialize /- macro_rules -/ prelude -/
theorem target : ∀ n : Nat, 0 + n = n := sorry_free
