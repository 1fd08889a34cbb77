-- target[below] | expected: REJECT MISSING (`theorem target` stands in the text, `Contest.target` in the data)
namespace Contest

theorem target : ∀ n : Nat, n < n + 7 := fun n => Nat.lt_add_of_pos_right (by decide)

end Contest
