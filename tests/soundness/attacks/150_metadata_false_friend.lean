-- target[below] | expected: REJECT STATEMENT (`id` shows nothing in most goal views)
theorem target : ∀ n : Nat, id (fun k => k < k + 7) n := fun n => Nat.lt_add_of_pos_right (n := n) (by decide)
