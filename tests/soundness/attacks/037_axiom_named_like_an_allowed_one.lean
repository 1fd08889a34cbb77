-- target[below] | expected: REJECT AXIOM (it prints as `propext` with `open Evil`; compare whole names)
namespace Evil

axiom propext : ∀ n : Nat, n < 7

theorem _root_.target : ∀ n : Nat, n < 7 := propext

end Evil
