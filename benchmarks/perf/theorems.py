"""Small theorems for measuring and for soaking: of every kind, in any number, known in advance to hold or not.

Made from templates with numbers put in, so that no two are alike; Lean core only, no imports. Each is a text of its
own. Used by `benchmarks.perf.lean` and by the soak test.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle


@dataclass(frozen=True, slots=True)
class Theorem:
    """A text of one theorem with its proof; `sound` when Lean must accept it."""

    text: str
    sound: bool


# A template gets three numbers from 1 to 99 and an error to build in: 0 for none, else what a right number is off by.
Template = Callable[[int, int, int, int], str]

TEMPLATES: tuple[Template, ...] = (
    lambda a, b, c, e: f"(x y : Nat) (h : x + {a} < y) : x + {a + 1 + e} ≤ y := by omega",
    lambda a, b, c, e: f"(x y : Int) (h : 2 * x + {2 * a + 1 + (e > 0)} = 2 * y) : False := by omega",
    lambda a, b, c, e: f"(n : Nat) (h : n % {10 * a} = {b % 10}) : n % 10 = {b % 10 + e} := by omega",
    lambda a, b, c, e: f": {a} * {b} + {c} = {a * b + c + e} := by decide",
    lambda a, b, c, e: f": ∃ n : Nat, n * {a} = {a * b + e * a} := ⟨{b}, rfl⟩",
    lambda a, b, c, e: f": [{a}, {b}, {c}].foldl (· + ·) 0 = {a + b + c + e} := rfl",
    lambda a, b, c, e: f"(l : List Nat) : (l.map (· + {a})).length + {b} = l.length + {b + e} := by simp",
    lambda a, b, c, e: (
        f"(l m : List Nat) : (l ++ {a} :: m).length = l.length + m.length + {1 + e} := by\n  simp +arith"
    ),
    lambda a, b, c, e: f"(x y : Int) : (x + {a} * y) * (x - {a} * y) = x * x - {a * a + e} * y * y := by grind",
    lambda a, b, c, e: f"(x y z : Nat) (h : x = y + {a}) (g : y = z + {b}) : x = z + {a + b + e} := by grind",
    lambda a, b, c, e: f"(a b c : Nat) (h : a = b) (g : b = c) : a + {a} = c + {a + e} := by\n  rw [h, g]",
    lambda a, b, c, e: (
        f"(f : Nat → Nat) (z : f 0 = {a}) (s : ∀ n, f (n + 1) = f n) (n : Nat) : f n = {a + e} := by\n"
        "  induction n with\n  | zero => exact z\n  | succ n ih => rw [s, ih]"
    ),
    lambda a, b, c, e: (
        f"(p : Nat → Prop) (h : p {a} ∨ p {b}) : p {b} ∨ p {a + e} := by\n"
        "  cases h with\n  | inl h => exact Or.inr h\n  | inr h => exact Or.inl h"
    ),
    lambda a, b, c, e: (
        f"(p q : Nat → Prop) (h : ∀ n, p n → q (n + {a})) (g : ∃ n, p n) : ∃ n, q (n + {a + e}) := by\n"
        "  obtain ⟨n, k⟩ := g\n  exact ⟨n, h n k⟩"
    ),
)


def mixed(count: int, *, seed: int, unsound: float = 0.2) -> list[Theorem]:
    """`count` theorems, of all templates in turn; a share `unsound` of them is wrong. The seed fixes all."""
    return list(_mixed(count, random.Random(seed), unsound))


def _mixed(count: int, choose: random.Random, unsound: float) -> Iterator[Theorem]:
    for number, template in zip(range(count), cycle(TEMPLATES), strict=False):
        error = choose.randint(1, 3) if choose.random() < unsound else 0
        a, b, c = (choose.randint(1, 99) for _ in range(3))
        yield Theorem(f"theorem t{number} {template(a, b, c, error)}\n", error == 0)
