-- target[below] | expected: REJECT MISSING (an alias: `target` resolves, and is nothing)
namespace Contest

theorem target : ∀ n : Nat, n < n + 7 := fun n => Nat.lt_add_of_pos_right (by decide)

end Contest

export Contest (target)
