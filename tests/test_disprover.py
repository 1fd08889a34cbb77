"""Disproofs: which values are tried, how ranges are cut down to a counterexample, and what a real Lean says of them."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.base import GaveUp
from agents.bench import LeanBench
from agents.bounded import Box, Range, boxes
from agents.disprover import Disprover
from agents.values import bracketed, values
from prover.canary import FALSEHOODS
from prover.config import Config
from prover.disproof import disproof_text, with_disproof
from prover.errors import BudgetSpent
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain
from prover.ledger import Ledger
from prover.model import Attempt, Budget, Slot
from prover.repair.parts import parts
from prover.repair.tasks import task_for
from prover.state import State

BODY = ":= fun h => absurd (@h 5) (by decide)"
REFUTED = Attempt("claim", "disprover", BODY, refutes=True)


def slot(text: str) -> Slot:
    """That of the last declaration of a text."""
    found = [part.slot for part in parts(text) if part.slot is not None]
    return found[-1]


@pytest.mark.parametrize(
    ("type_", "first"),
    [
        ("Nat", ("0", "1", "2")),
        ("ℤ", ("0", "1", "-1")),
        ("Fin 2", ("0", "1")),
        ("Rat", ("0", "1", "-1")),
        ("(Prop)", ("False", "True")),
        ("List (Option Bool)", ("[]", "[none]", "[some false]")),
        ("Nat × Bool", ("(0, false)", "(0, true)", "(1, false)")),
        ("Nat → Nat", ("fun x => x", "fun _ => 0", "fun x => x + 1")),
        ("Nat → Nat → Prop", ("fun x y => x = y", "fun _ _ => False", "fun x y => x ≤ y")),
        ("PUnit → PUnit", ("fun x => x", "fun _ => ⟨⟩")),
        ("Type u_1", ("ULift Bool", "ULift Nat", "PUnit")),
        ("ULift Bool", ("⟨false⟩", "⟨true⟩")),
    ],
)
def test_the_smallest_values_of_a_type_come_first(type_: str, first: tuple[str, ...]) -> None:
    assert values(type_)[: len(first)] == first


@pytest.mark.parametrize("type_", ["Tree", "False → True", "n < m", "∀ x, p x", "", "List"])
def test_of_what_is_no_known_type_there_are_no_values(type_: str) -> None:
    assert values(type_) == ()


TYPES = st.recursive(
    st.sampled_from(["Nat", "Int", "Bool", "Prop", "Rat", "Unit", "String"]),
    lambda inner: st.one_of(
        inner.map(lambda type_: f"List ({type_})"),
        inner.map(lambda type_: f"Option ({type_})"),
        st.tuples(inner, inner).map(lambda both: f"({both[0]}) × ({both[1]})"),
        st.tuples(inner, inner).map(lambda both: f"({both[0]}) → ({both[1]})"),
    ),
    max_leaves=5,
)


@given(TYPES)
def test_every_type_made_of_known_ones_has_a_few_values_each_once(type_: str) -> None:
    found = values(type_)
    assert 1 <= len(found) <= 40
    assert len({*found}) == len(found)
    assert values(f"({type_})") == found
    assert all(bracketed(value).count("(") == bracketed(value).count(")") for value in found)


def test_a_box_asks_lean_for_all_numbers_of_its_ranges_at_once() -> None:
    box = next(boxes("n : Nat\nz : Int\nh✝ : 0 < n\n⊢ n < z"))
    assert box.ranges == {"n": Range(0, 8), "z": Range(-4, 8)}
    bound = "fun (v0 : Nat) (_ : v0 < 8) (v1 : Nat) (_ : v1 < 8) h2 => @h v0 ((v1 : Int) + (-4)) h2"
    assert box.body.startswith(f":= fun h => absurd ({bound}) (by ")
    assert box.where == "for n from 0 to 7, z from -4 to 3"


@pytest.mark.parametrize("goal", ["xs : List Nat\nn : Nat\n⊢ n < 5", "h : p\n⊢ q", "a b c d e : Nat\n⊢ a = e"])
def test_there_is_no_box_where_a_variable_is_no_number_or_there_are_none_or_too_many(goal: str) -> None:
    assert list(boxes(goal)) == []


def test_what_the_second_half_of_a_conjunction_binds_is_given_to_that_half() -> None:
    box = next(boxes("n d : Nat\nh✝ : d ∣ n\n⊢ d = 1", cut=1))
    point = Box(box.types, {"n": Range(29, 1), "d": Range(3, 1)}, box.cut)
    assert "(@h v0).2 v1 h2) (by " in box.body
    assert point.instance("decide").body == ":= fun h => absurd ((@h 29).2 3 (by decide)) (by decide)"
    assert point.where == "for n = 29, d = 3"


@given(st.integers(-50, 50), st.integers(1, 300), st.integers(1, 40))
def test_the_pieces_of_a_box_are_the_box_and_end_at_points(start: int, count: int, other: int) -> None:
    todo, points = [Box({"a": "Int", "b": "Nat"}, {"a": Range(start, count), "b": Range(0, other)})], 0
    while todo:
        box = todo.pop()
        pieces = box.pieces()
        assert len(pieces) <= 16
        sizes = [piece.ranges["a"].count * piece.ranges["b"].count for piece in pieces or [box]]
        assert sum(sizes) == box.ranges["a"].count * box.ranges["b"].count
        points += not pieces
        todo += pieces[:1] + pieces[-1:] if len(pieces) > 1 else pieces
    assert points


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("theorem a (n : Nat) : n < 5 := sorry", "theorem a.disproof : ¬ (∀ (n : Nat), n < 5)"),
        ("theorem a : ∀ n, n < 5 := sorry", "theorem a.disproof : ¬ (∀ n, n < 5)"),
        ("/-- private -/\n@[simp] theorem a : 1 = 2 := sorry", "theorem a.disproof : ¬ (1 = 2)"),
        ("@[simp] private theorem a : 1 = 2 := sorry", "private theorem a.disproof : ¬ (1 = 2)"),
        ("protected theorem N.a : 1 = 2 := sorry", "theorem N.a.disproof : ¬ (1 = 2)"),
        ("theorem «a b» : 1 = 2 := sorry", "theorem «a b».disproof : ¬ (1 = 2)"),
        (
            "theorem a.{u, v} (α : Type u) : Nonempty α := sorry",
            "theorem a.disproof.{u, v} : ¬ (∀ (α : Type u), Nonempty α)",
        ),
        (
            "theorem a (n : Nat) -- any\n  : n < 5 -- or not\n  := sorry",
            "theorem a.disproof : ¬ (∀ (n : Nat) -- any\n, n < 5 -- or not\n)",
        ),
    ],
)
def test_a_disproof_has_the_name_the_universes_and_the_binders_of_what_it_disproves(text: str, stated: str) -> None:
    assert disproof_text(slot(text), REFUTED) == f"{stated} {BODY}"


def test_a_disproof_takes_the_place_of_the_whole_command() -> None:
    text = "def d := 1\n\n/-- A doc. -/\n@[simp] theorem a : 1 = 2 := by\n  sorry -- open\n\n#eval d\n"
    attempt = Attempt("a", "disprover", "| h => nomatch h", helpers="theorem a.helper.x : 1 = 1 := rfl\n", refutes=True)
    there = "theorem a.helper.x : 1 = 1 := rfl\n\ntheorem a.disproof : ¬ (1 = 2) \n| h => nomatch h"
    assert with_disproof(slot(text), attempt) == f"def d := 1\n\n{there} -- open\n\n#eval d\n"
    assert with_disproof(slot(text), attempt, alone=True) == f"def d := 1\n\n{there}\n"


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


async def answer(pool: LeanPool, statement: str, before: str = "", checks: int = 40) -> Attempt | GaveUp:
    text = f"{before}theorem claim {statement} := by\n  sorry\n"
    task = task_for(text, slot(text), "claim", "disprover", Budget(60.0, checks))
    purse = Ledger(State(), Config(), lambda *_, **__: None).purse(task)
    return await Disprover().propose(task, LeanBench(pool, task, str, 60.0, purse))


QUICK = [
    ("(a b : Nat) (h : a ≤ b) : a < b", "false for a = 0, b = 0"),
    ("(p q : Prop) (h : p → q) : q → p", "false for p = False, q = True"),
    (": ∀ n : Nat, n * n ≠ 2 * n + 1295", "false for n = 37"),
    (": ∃ n : Nat, n + 1 = 0", "false as it stands"),
]


@pytest.mark.parametrize(("statement", "where"), QUICK)
async def test_a_false_statement_is_disproved_and_it_is_said_where(pool: LeanPool, statement: str, where: str) -> None:
    found = await answer(pool, statement)
    assert isinstance(found, Attempt), found
    assert (found.history[-1], found.refutes, found.declaration) == (where, True, "claim")


async def test_a_statement_that_speaks_of_what_is_around_it_is_left_alone(pool: LeanPool) -> None:
    found = await answer(pool, ": n < 5", "variable (n : Nat)\n")
    assert found == GaveUp("its statement speaks of n, which it does not bind itself: write the binders out")
    found = await answer(pool, ": nonsense.thing = 1")
    assert isinstance(found, GaveUp)
    assert "has an error" in found.why


async def test_it_ends_when_its_checks_are_used(pool: LeanPool) -> None:
    with pytest.raises(BudgetSpent):
        await answer(pool, "(n : Nat) : n + 0 = n", checks=2)


SLOW = [
    *((statement, "") for statement in FALSEHOODS),
    ("(a b c : Nat) (h : 0 < a) (k : 0 < b) (l : 0 < c) : a ^ 2 + b ^ 2 ≠ c ^ 2", ""),
    ("(f : Nat → Nat) (h : ∀ a b, f a = f b → a = b) : ∀ y, ∃ x, f x = y", ""),
    ("(xs ys : List Nat) (h : xs.length = ys.length) : xs = ys", ""),
    ("{α : Type u} [DecidableEq α] (xs : List α) (a : α) : (xs.erase a).length < xs.length", "universe u\n"),
    ("(x : Rat) (h : 0 < x) : x ≤ x * x", ""),
    (".{v} (α : Type v) (x y : α) : x = y", ""),
    ("(n : Nat) : f n = n", "def f : Nat → Nat\n  | 0 => 0\n  | n + 1 => if n % 5 = 4 then 0 else f n + 1\n"),
    (": ∃ n : Nat, n * n = 2", ""),
    ("(n : Nat) : P (n ^ 2 + n + 11)", "def P (n : Nat) : Prop := 2 ≤ n ∧ ∀ d, d ∣ n → d = 1 ∨ d = n\n"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("statement", "before"), SLOW)
async def test_false_statements_of_many_kinds_are_disproved(pool: LeanPool, statement: str, before: str) -> None:
    assert isinstance(await answer(pool, statement, before), Attempt)


@pytest.mark.slow
@pytest.mark.parametrize(
    "statement",
    [
        "(a b c : Nat) (h : a ∣ b) (k : b ∣ c) : a ∣ b * c",
        "(xs : List Nat) : xs.reverse.reverse = xs",
        "(f : Nat → Nat) (h : ∀ n, f n < f (n + 1)) : ∀ n, n ≤ f n",
        "(p q : Prop) (h : p → q) : ¬q → ¬p",
        "(n : Nat) : n ^ 2 % 4 ≠ 3",
    ],
)
async def test_a_true_statement_is_not_disproved_and_it_is_said_what_was_tried(pool: LeanPool, statement: str) -> None:
    found = await answer(pool, statement)
    assert isinstance(found, GaveUp)
    assert found.why.startswith("no counterexample among ")
