-- target[below] | expected: REJECT IMPORTS (another `Nat` and another order under the old names)
prelude

inductive Nat : Type where
  | zero : Nat
  | succ (n : Nat) : Nat

inductive True : Prop where
  | intro : True

def target (_ : Nat) : True := True.intro
