-- target[zero_add] | expected: ACCEPT (its own class, for library types)
class Pointed (α : Type) where
  point : α

instance : Pointed Nat := ⟨0⟩
instance [Pointed α] [Pointed β] : Pointed (α × β) := ⟨(Pointed.point, Pointed.point)⟩

theorem point_nat : (Pointed.point : Nat) = 0 := rfl

theorem target : ∀ n : Nat, 0 + n = n := fun n => by
  rw [← point_nat, point_nat, Nat.zero_add]
