-- target[zero_add] | expected: ACCEPT (letters of many scripts, subscripts, primes, guillemets, comments to declarations)
/-- Neutral element — links. -/
theorem «null plus n» (n : Nat) : 0 + n = n := by omega

theorem κ₀_ν' {α₁ : Type} (β : α₁) : β = β := rfl

theorem ωμεγα.εν_και₂ (ℓ : Nat) : ℓ + 0 = ℓ := rfl

/-- `target`. -/
theorem target : ∀ n : Nat, 0 + n = n := fun ν => «null plus n» ν
