"""Holes on the real Lean: the smallest block that fails becomes one, and what is right stays, in few checks."""

from collections.abc import AsyncIterator
from math import log2

import pytest

from agents.repair.holes import isolate
from agents.repair.kept import kept
from agents.repair.shop import Draft
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain
from tests.shops import a_shop, a_task, errors, look

STATEMENT = "(a b : Nat) (h : a ≤ b) (hp : 0 < a) : a + b = b + a ∧ (a ≤ b ∨ a = a)"
LEFT, RIGHT = "  · omega\n", "  · left; exact h\n"

# What is wrong, the proof, and what is to come of it.
BROKEN = {
    "a tactic that fails": ("  · rw [Nat.nonsense]\n" + RIGHT, "  · sorry\n" + RIGHT),
    "an unknown tactic": ("  · linarith\n" + RIGHT, "  · sorry\n" + RIGHT),
    "several unknown tactics": ("  · linarith\n  · nlinarith\n", "  · sorry\n  · sorry\n"),
    "a name in a term": (LEFT + "  · exact Or.inl (h.nonsense b)\n", LEFT + "  · exact Or.inl sorry\n"),
    "a tactic too many": ("  · omega\n    simp\n" + RIGHT, LEFT + RIGHT),
    "a tactic that is not needed": ("  · rw [Nat.nonsense]\n    omega\n" + RIGHT, LEFT + RIGHT),
    "goals that are left": (
        "  · rcases h with x | y\n    · omega\n" + RIGHT,
        "  · rcases h with x | y\n    · omega\n    sorry\n" + RIGHT,
    ),
    "a goal without a proof": (LEFT, LEFT.rstrip() + "\n  sorry"),
    "a missing arm": (
        "  · cases a with\n    | zero => simp\n" + RIGHT,
        "  · cases a with\n    | zero => simp\n    | succ => sorry\n" + RIGHT,
    ),
    "a missing case of match": (
        "  · match a with\n    | 0 => simp\n" + RIGHT,
        "  · match a with\n    | 0 => simp\n    | (Nat.succ _) => sorry\n" + RIGHT,
    ),
    "a proof inside": (
        "  · have e : b = b := by\n      linarith\n    omega\n" + RIGHT,
        "  · have e : b = b := by\n      sorry\n    omega\n" + RIGHT,
    ),
}


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


async def isolated(pool: LeanPool, body: str, *, lines: bool = False, seconds: float = 60.0) -> tuple[Draft, int]:
    """What comes of a body, and how many checks it took."""
    shop = a_shop(pool, a_task(STATEMENT), seconds)
    draft = await look(shop, body)
    before = shop.checks
    return await isolate(shop, draft, lines=lines), before - shop.checks


@pytest.mark.parametrize("what", BROKEN)
async def test_only_what_fails_becomes_a_hole(pool: LeanPool, what: str) -> None:
    broken, wanted = BROKEN[what]
    draft, _ = await isolated(pool, ":= by\n  constructor\n" + broken)
    assert draft.body.rstrip() == (":= by\n  constructor\n" + wanted).rstrip()
    assert draft.diagnosis.errors == 0, errors(draft)


async def test_a_hole_knows_what_stood_there_and_what_lean_said(pool: LeanPool) -> None:
    draft, _ = await isolated(pool, ":= by\n  constructor\n  · rw [nonsense]\n" + RIGHT)
    assert [(hole.was, hole.why) for hole in draft.holes] == [("rw [nonsense]", "Unknown identifier `nonsense`")]


async def test_a_proof_that_is_right_is_not_touched(pool: LeanPool) -> None:
    body = ":= by\n  constructor\n" + LEFT + RIGHT
    draft, checks = await isolated(pool, body)
    assert (draft.body, checks) == (body, 0)


@pytest.mark.parametrize("text", ["", ":= by", ":= by\n  )", ":= this is not Lean", ":= by\n  /- open", "| 0 => rfl"])
async def test_whatever_the_text_is_something_without_errors_comes_of_it(pool: LeanPool, text: str) -> None:
    draft, _ = await isolated(pool, text)
    assert draft.diagnosis.errors == 0, errors(draft)
    assert draft.holes


async def test_many_errors_take_no_more_checks_than_few(pool: LeanPool) -> None:
    proofs = "".join(f"  have h{n} : {n} + a = a + {n} := by\n    rw [bad{n}]\n" for n in range(30))
    draft, checks = await isolated(pool, ":= by\n" + proofs + "  constructor\n" + LEFT + RIGHT)
    assert draft.diagnosis.errors == 0
    assert len(draft.holes) == 30
    assert draft.body.endswith("  constructor\n" + LEFT + RIGHT)
    assert checks <= 2 * log2(60) + 3


@pytest.mark.slow
@pytest.mark.parametrize("tactic", ["rw [bad]", "linarith"])
async def test_three_hundred_errors_are_three_hundred_holes(pool: LeanPool, tactic: str) -> None:
    proofs = "".join(f"  have h{n} : {n} + a = a + {n} := by\n    {tactic}\n" for n in range(300))
    draft, checks = await isolated(pool, ":= by\n" + proofs + "  constructor\n" + LEFT + RIGHT)
    assert (draft.diagnosis.errors, len(draft.holes)) == (0, 300)
    assert checks <= 2 * log2(600) + 3


LOOP = "set_option maxRecDepth 1000000 in repeat (rw [← Nat.add_zero a])"


@pytest.mark.slow
async def test_a_tactic_that_lean_gives_up_after_long_is_found(pool: LeanPool) -> None:
    draft, _ = await isolated(pool, f":= by\n  constructor\n  · {LOOP}\n" + RIGHT, seconds=20.0)
    assert draft.diagnosis.errors == 0
    assert draft.body.endswith(RIGHT)


@pytest.mark.slow
async def test_a_tactic_that_never_ends_is_found_by_bisection(pool: LeanPool) -> None:
    endless = f"set_option maxHeartbeats 0 in {LOOP}"
    draft, checks = await isolated(pool, f":= by\n  constructor\n  · {endless}\n" + RIGHT, seconds=6.0)
    assert draft.diagnosis.errors == 0
    assert draft.body.endswith(RIGHT)
    assert checks <= 10


async def test_with_lines_all_of_a_block_from_the_failing_line_on_is_given_up(pool: LeanPool) -> None:
    body = ":= by\n  constructor\n  · rw [Nat.nonsense]\n    omega\n" + RIGHT
    draft, _ = await isolated(pool, body, lines=True)
    assert draft.diagnosis.errors == 0
    assert kept(body, draft.body) < kept(body, (await isolated(pool, body))[0].body)
