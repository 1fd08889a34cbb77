-- target[zero_add] | expected: REJECT SCOPE (an attribute on the library's declaration)
attribute [instance] Classical.propDecidable

theorem target : ∀ n : Nat, 0 + n = n := Nat.zero_add
