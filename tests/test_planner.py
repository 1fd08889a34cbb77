"""The planner: a plan is proposed when the theorem follows from its lemmas and none of them looks false."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.base import Agent, Bench, GaveUp
from agents.lemmas import OPEN, SIMPLE, Lemma
from agents.planner import Planner
from prover.errors import BudgetSpent
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain
from prover.model import Attempt
from tests.asking import NAME, STATED, FakeBench, a_caller, block, settings, task
from tests.test_bench import a_bench

BODY = ":= by\n  induction n with\n  | zero => rfl\n  | succ n ih => rw [two_mul_triangle.helper.step, ih]; grind"
STEP = "(n : Nat) : 2 * triangle (n + 1) = 2 * triangle n + 2 * (n + 1)"
LEMMA = f"theorem two_mul_triangle.helper.step {STEP} := by sorry"
FALSE = "theorem two_mul_triangle.helper.wrong (n : Nat) : triangle n = n := by sorry"
EASY = "theorem two_mul_triangle.helper.easy (n m : Nat) : n + m = m + n := by sorry"

NEITHER = (SIMPLE, "example")  # helpers that make Lean say that a lemma is simple, or that it is false


def plan(*lemmas: str, body: str = BODY) -> str:
    commands = "\n\n".join([*lemmas, f"{STATED} {body}"])
    return f"First the step.\n\n{block(commands)}"


def also_using(lemma: str) -> str:
    return BODY.replace("grind", f"have := two_mul_triangle.helper.{lemma}; grind")


async def planned(folder: Path, bench: Bench, *answers: str, turns: int = 4) -> Attempt | GaveUp:
    agent: Agent = Planner(a_caller(folder, *answers), settings(turns=turns))
    return await agent.propose(task(agent="planner"), bench)


def said(bench: FakeBench, number: int) -> str:
    """What the model was told with that call."""
    (message,) = bench.exchange(number).messages
    return message.text


# With Lean


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


@pytest.mark.slow
async def test_a_plan_that_holds_is_proposed_with_its_simple_lemmas_proved(pool: LeanPool, tmp_path: Path) -> None:
    found = await planned(tmp_path, a_bench(pool, task()), plan(EASY, LEMMA, body=also_using("easy")))
    assert isinstance(found, Attempt)
    assert (found.declaration, found.agent, found.body, found.splits) == (NAME, "planner", also_using("easy"), True)
    assert found.helpers == f"{EASY.replace(OPEN, SIMPLE)}\n\n{LEMMA}"
    assert found.history == ("a plan that leaves step open",)


@pytest.mark.slow
async def test_a_lemma_that_is_false_for_small_numbers_is_told_to_the_model(pool: LeanPool, tmp_path: Path) -> None:
    found = await planned(tmp_path, a_bench(pool, task()), plan(FALSE, LEMMA, body=also_using("wrong")), turns=1)
    assert isinstance(found, GaveUp)
    assert found.why.endswith("its lemma wrong looks false: Lean refutes it for small numbers")


# Without


async def test_a_plan_that_does_not_hold_is_mended_with_what_lean_says(tmp_path: Path) -> None:
    bench = FakeBench(closing=(BODY,), wrong=("theorem two_mul_triangle.helper.easy", *NEITHER))
    found = await planned(tmp_path, bench, plan(EASY, body=also_using("easy")), "Hm.", plan(LEMMA))
    assert isinstance(found, Attempt)
    assert (found.helpers, found.splits) == (LEMMA, True)
    assert "In your lemmas:\n- line 1 `theorem two_mul_triangle.helper.easy" in said(bench, 1)
    assert "There is no plan in your answer" in said(bench, 2)
    assert len(found.history) == 2


async def test_a_plan_with_a_lemma_that_looks_false_is_mended(tmp_path: Path) -> None:
    bench = FakeBench(closing=(BODY, also_using("wrong")), wrong=(SIMPLE, "example : ¬ (∀ (n : Nat), 2"))
    found = await planned(tmp_path, bench, plan(FALSE, LEMMA, body=also_using("wrong")), plan(LEMMA))
    assert isinstance(found, Attempt)
    assert found.body == BODY
    assert "its lemma wrong looks false" in said(bench, 1)


async def test_a_plan_whose_lemmas_are_all_simple_is_a_proof(tmp_path: Path) -> None:
    found = await planned(tmp_path, FakeBench(closing=(BODY,)), plan(LEMMA))
    assert isinstance(found, Attempt)
    assert (found.helpers, found.splits) == (LEMMA.replace(OPEN, SIMPLE), False)


async def test_a_theorem_with_a_hole_of_its_own_is_no_plan(tmp_path: Path) -> None:
    bench = FakeBench(error="declaration uses `sorry`")
    found = await planned(tmp_path, bench, plan(LEMMA, body=":= by sorry"), turns=1)
    assert found == GaveUp(
        "no plan that holds in 1 answers; the last: - line 1 `:= by sorry`: declaration uses `sorry`"
    )


async def test_a_plan_that_holds_is_not_lost_when_the_checks_are_used_up(tmp_path: Path) -> None:
    found = await planned(tmp_path, FakeBench(closing=(BODY,), checks=1), plan(LEMMA))
    assert isinstance(found, Attempt)
    assert (found.helpers, found.splits) == (LEMMA, True)


async def test_an_attempt_that_begins_anew_pays_for_nothing(tmp_path: Path) -> None:
    bench = FakeBench(wrong=NEITHER, calls=1)
    with pytest.raises(BudgetSpent):
        await planned(tmp_path, bench, plan(LEMMA, body=":= by omega"), plan(LEMMA))
    bench.calls, bench.closing = 2, (BODY,)
    found = await planned(tmp_path, bench, "another", plan(LEMMA))
    assert isinstance(found, Attempt)
    assert set(bench.exchanges) == {0, 1}


async def test_a_lemma_of_a_lemma_is_not_taken_apart(tmp_path: Path) -> None:
    name = "a.helper.b.helper.c"
    deep = task(f"theorem {name} : 1 = 1 := by\n  sorry\n", name, agent="planner")
    found = await Planner(a_caller(tmp_path), settings()).propose(deep, FakeBench())
    assert isinstance(found, GaveUp)


def test_a_lemma_with_an_instance_or_without_a_type_has_no_counterexamples_to_try() -> None:
    tried = Lemma("a.helper.b", "(n : Nat) (h : 0 < n) : n < 3").counterexamples
    assert tried.startswith("example : ¬ (∀ (n : Nat) (h : 0 < n), n < 3) := by first | exact fun h => absurd (@h 0")
    for signature in ("[Inhabited Nat] (n : Nat) : n = n", "(n : Nat)"):
        assert Lemma("a.helper.b", signature).counterexamples == ""
