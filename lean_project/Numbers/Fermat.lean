module

public import Numbers.Binomial
public import Numbers.Prime

/-!
# Fermat's little theorem

Where the counting and the primes meet: a prime divides the inner entries of its row of Pascal's triangle, so
the binomial theorem loses its middle, and Fermat's little theorem falls out by induction.
-/

@[expose] public section

namespace Numbers

/-- A prime divides every entry of its row of Pascal's triangle but the two ends. -/
theorem prime_dvd_choose (p k : Nat) (hp : Prime p) (hk : 0 < k) (hkp : k < p) : p ∣ choose p k := by
  sorry

/-- The freshman's dream: modulo a prime `p`, the `p`-th power of `x + 1` is `x ^ p + 1`. -/
theorem freshman (p x : Nat) (hp : Prime p) : ∃ c, (x + 1) ^ p = x ^ p + 1 + p * c := by
  sorry

/-- Fermat's little theorem: a prime `p` divides `a ^ p - a`. -/
theorem fermat (p a : Nat) (hp : Prime p) : p ∣ a ^ p - a := by
  sorry

/-- Fermat's little theorem for a base that `p` does not divide. -/
theorem fermat_coprime (p a : Nat) (hp : Prime p) (h : ¬p ∣ a) : p ∣ a ^ (p - 1) - 1 := by
  sorry

end Numbers
