"""The bench on the real Lean: what it says of candidates, of goals, and of the project's files."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents.base import BudgetSpent
from agents.bench import LeanBench
from prover.lean.pool import LeanPool
from prover.lean.source import find_slot
from prover.lean.toolchain import Toolchain
from prover.model import Budget, Declaration, Kind, Position, Task
from tests.fakes import FakeToolchain

SOURCE = """/-- Twice a number. -/
def double (n : Nat) : Nat := n + n

@[simp] theorem double_add (a b : Nat) (h : a ≤ b) :
    double (a + b) = double a + double b := by
  sorry

theorem wide.{u, v} (α : Type u) (β : Type v) (a : α) (b : β) : (a, b).1 = a := by
  sorry
"""
SECONDS = 60.0


def task(name: str, line: int, checks: int = 20) -> Task:
    slot = find_slot(SOURCE, Position(line, 0), name)
    declaration = Declaration(name, "M", Kind.THEOREM, "", frozenset(), frozenset(), True, Position(line, 0))
    return Task(declaration, "base", slot, SOURCE[: slot.command], (), ("double",), "test", Budget(SECONDS, checks))


DOUBLE_ADD, WIDE = task("double_add", 3), task("wide", 7)


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


@pytest.fixture
def bench(pool: LeanPool, tmp_path: Path) -> LeanBench:
    return LeanBench(pool, DOUBLE_ADD, tmp_path, SECONDS)


async def test_each_candidate_gets_its_own_answer(bench: LeanBench) -> None:
    bodies = [":= by skip", ":= by\n  simp [double]\n  omega", ":= by exact nonsense", ":= by unfold double; omega"]
    trials = await bench.try_bodies(bodies)
    assert [trial.body for trial in trials] == bodies
    assert [trial.closes for trial in trials] == [False, True, False, True]
    assert "unsolved goals" in trials[0].messages[0]
    assert "nonsense" in " ".join(trials[2].messages)
    assert trials[1].messages == ()


async def test_a_hole_does_not_close_a_goal_and_the_holes_before_it_do_not_matter(bench: LeanBench) -> None:
    (sorry, done) = await bench.try_bodies([":= by sorry", ":= by unfold double; omega"])
    assert (sorry.closes, done.closes) == (False, True)


async def test_no_candidate_can_use_another(bench: LeanBench) -> None:
    """The statement is a simp lemma: had the first copy become one, `simp` would prove the second with it."""
    trials = await bench.try_bodies([":= by sorry", ":= by simp", ":= double_add a b h"])
    assert [trial.closes for trial in trials] == [False, False, False]


async def test_a_candidate_that_breaks_the_syntax_spoils_no_other(bench: LeanBench) -> None:
    (broken, done) = await bench.try_bodies([":= by (", ":= by unfold double; omega"])
    assert (broken.closes, done.closes) == (False, True)


async def test_universe_parameters_are_declared_for_the_copies(pool: LeanPool, tmp_path: Path) -> None:
    (trial,) = await LeanBench(pool, WIDE, tmp_path, SECONDS).try_bodies([":= rfl"])
    assert trial.closes, trial.messages


async def test_goals_are_those_at_the_end_of_the_body(bench: LeanBench) -> None:
    assert await bench.goals() == ("a b : Nat\nh : a ≤ b\n⊢ double (a + b) = double a + double b",)
    both = await bench.goals(":= by\n  by_cases e : a = b")
    assert [goal.splitlines()[-1] for goal in both] == ["⊢ double (a + b) = double a + double b"] * 2
    assert await bench.goals(":= by\n  unfold double; omega") == ()


async def test_a_candidate_that_runs_away_is_ended_by_lean_itself(bench: LeanBench) -> None:
    unlimited = ":= by\n  set_option maxRecDepth 1000000 in\n  repeat (rw [← Nat.add_zero a])"
    trials = await bench.try_bodies([":= by unfold double; omega", unlimited])
    assert [trial.closes for trial in trials] == [True, False]
    assert "heartbeats" in trials[1].messages[0]


async def test_a_candidate_that_hangs_is_found_out_and_spoils_no_other(tmp_path: Path) -> None:
    """With a fake Lean: what makes a real one hang is a bug that is mended in the next release."""
    async with LeanPool(FakeToolchain(), size=1) as pool:
        bench = LeanBench(pool, DOUBLE_ADD, tmp_path, timeout=0.5)
        trials = await bench.try_bodies([":= one", ":= two\nhang", ":= three"])
    assert [trial.closes for trial in trials] == [True, False, True]
    assert trials[1].messages == ("no answer within the time limit",)


async def test_each_question_costs_one_check_and_none_is_answered_on_credit(pool: LeanPool, tmp_path: Path) -> None:
    bench = LeanBench(pool, replace(DOUBLE_ADD, budget=Budget(SECONDS, checks=2)), tmp_path, SECONDS)
    await bench.goals()
    await bench.try_bodies([":= by skip"] * 3)
    with pytest.raises(BudgetSpent):
        await bench.try_bodies([":= by skip"])


async def test_no_candidates_cost_nothing(pool: LeanPool, tmp_path: Path) -> None:
    bench = LeanBench(pool, replace(DOUBLE_ADD, budget=Budget(SECONDS, checks=0)), tmp_path, SECONDS)
    assert await bench.try_bodies([]) == []


def test_files_of_the_project_can_be_read_and_no_others(bench: LeanBench, tmp_path: Path) -> None:
    (tmp_path / "A.lean").write_text("theorem a : True := trivial\n")
    assert bench.read("A.lean") == "theorem a : True := trivial\n"
    for outside in ("../secret", "/etc/passwd"):
        with pytest.raises(FileNotFoundError):
            bench.read(outside)
