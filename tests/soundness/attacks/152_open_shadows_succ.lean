-- target[namespaced] | expected: REJECT STATEMENT (`succ` is another function)
namespace Algebra

def succ (n : Nat) : Nat := n

variable {m n : Nat}

theorem target (h : succ m = succ n) : m = n := h

end Algebra
