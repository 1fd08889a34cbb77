"""The splitter: goals as Lean prints them, and whole proposals at a real bench, which the judge then sees."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.automation import Automation
from agents.base import GaveUp
from agents.bench import LeanBench
from agents.splitter import Goal, Splitter, naming, read, steps
from prover.config import Config
from prover.judge.gate import Gate
from prover.lean.build import Builder
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain
from prover.ledger import Ledger
from prover.model import Attempt, Budget, Outcome, Task
from prover.project import Survey, Surveyor, write
from prover.state import State
from tests.conftest import HEADER

SOURCE = """
namespace Numbers

/-- The triangular numbers. -/
def triangle : Nat → Nat
  | 0 => 0
  | n + 1 => triangle n + (n + 1)

theorem halves (n : Nat) (h : 0 < n) : triangle n ≤ n * n ∧ 2 * n ≤ n * (n + 1) := by
  sorry

theorem formula (n : Nat) : 2 * triangle n = n * (n + 1) := by
  sorry

theorem either (n : Nat) (h : n = 3 ∨ triangle n = 10) : triangle n ≤ 10 := by
  sorry

theorem half_false (n : Nat) : triangle n < 50 ∧ triangle n = triangle n + 0 := by
  sorry

theorem bits (b : Bool) : (b && b) = b := by
  sorry

theorem unnamed : ∀ n : Nat, n = n := by
  sorry

theorem deep.helper.a.helper.b (n : Nat) : n + 0 = n ∧ triangle 0 = 0 := by
  sorry

theorem taken.helper.left : 1 = 1 := rfl

theorem taken (p q : Bool) : (p && q) = (q && p) ∧ (p || q) = (q || p) := by
  sorry

end Numbers
"""
SECONDS = 60.0


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


@pytest.fixture(scope="module")
async def survey(builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> Survey:
    root = tmp_path_factory.mktemp("splitter")
    (root / "prover.toml").touch()
    (root / "M.lean").write_text(HEADER + SOURCE)
    return Surveyor(builder).read(await builder.build(root))


def task(survey: Survey, name: str, checks: int = 40) -> Task:
    declaration, definitions = survey.declarations[name], survey.graph.definitions_of(name)
    budget = Budget(SECONDS, checks)
    return Task(declaration, "base", survey.slot(name), survey.outline(name), (), definitions, "somebody", budget)


def at_bench(pool: LeanPool, task: Task) -> LeanBench:
    purse = Ledger(State(), Config(), lambda *_, **__: None).purse(task)
    return LeanBench(pool, task, {"M.lean": SOURCE}.__getitem__, SECONDS, purse)


async def propose(pool: LeanPool, survey: Survey, name: str) -> Attempt | GaveUp:
    todo = task(survey, f"Numbers.{name}")
    return await Splitter().propose(todo, at_bench(pool, todo))


# Goals


def test_a_goal_is_read_with_its_variables_and_written_as_a_signature() -> None:
    goal = read("case succ\nn m : Nat\nh : n <\n    m\n⊢ n + 0 =\n  n")
    assert goal == Goal((("n m", "Nat"), ("h", "n < m")), "n + 0 = n")
    assert goal.signature == "(n m : Nat) (h : n < m) : n + 0 = n"
    assert goal.variables == {"n": "Nat", "m": "Nat", "h": "n < m"}


@pytest.mark.parametrize("printed", ["no goal", "x : Nat := 3\n⊢ x = 3", "strange\n⊢ True"])
def test_what_cannot_be_stated_again_is_no_goal(printed: str) -> None:
    assert read(printed) is None


def test_names_that_lean_has_made_up_are_replaced_by_new_ones() -> None:
    goal = read("a a✝¹ : Nat\na✝ : a < 3\n⊢ True")
    assert goal is not None
    assert naming(goal) == "intros\nrename_i a' a''"
    assert naming(Goal((), "True")) == "skip"


@pytest.mark.parametrize(
    ("goal", "tactics"),
    [
        (Goal((("n m", "Nat"),), "n = m ∧ m = n"), ["constructor", "induction m", "induction n"]),
        (Goal((("p q", "Prop"), ("h", "p ∨ q")), "q ∨ p"), ["cases h"]),
        (Goal((("n", "Nat"), ("ih", "n = 3")), "n < 4 ↔ n < 5"), ["constructor", "induction n"]),
        (Goal((("b", "Bool"),), "(b && b) = b"), []),
    ],
)
def test_the_first_steps_are_told_by_the_looks_of_the_goal(goal: Goal, tactics: list[str]) -> None:
    assert [step.tactic for step in steps(goal)] == tactics


# At the bench


async def test_helpers_stand_before_the_copies_and_may_have_holes_but_no_errors(pool: LeanPool, survey: Survey) -> None:
    bench = at_bench(pool, task(survey, "Numbers.either"))
    open_, wrong = (f"theorem either.helper.a (n : Nat) : triangle n ≤ 10 := by {by}" for by in ("sorry", "rfl"))
    bodies = [":= either.helper.a n", ":= by sorry"]
    assert [trial.closes for trial in await bench.try_bodies(bodies, helpers=open_)] == [True, False]
    assert [trial.closes for trial in await bench.try_bodies(bodies, helpers=wrong)] == [False, False]
    assert [trial.closes for trial in await bench.try_bodies([":= by omega"], helpers="theorem broken :")] == [False]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("half_false", "its lemma left looks false"),
        ("bits", "it has no conjunction"),
        ("deep.helper.a.helper.b", "it is a lemma of a lemma"),
        ("taken", "its lemmas do not work out"),
    ],
)
async def test_it_gives_up_and_says_why(pool: LeanPool, survey: Survey, name: str, why: str) -> None:
    found = await propose(pool, survey, name)
    assert isinstance(found, GaveUp)
    assert why in found.why


@pytest.mark.slow
async def test_what_it_proposes_is_a_reduction_to_the_judge_and_its_lemma_can_be_proved(
    pool: LeanPool, survey: Survey, builder: Builder, tmp_path: Path
) -> None:
    found = {
        f"Numbers.{name}": await propose(pool, survey, name) for name in ("halves", "formula", "either", "unnamed")
    }
    attempts = {name: attempt for name, attempt in found.items() if isinstance(attempt, Attempt)}
    assert attempts.keys() == found.keys()
    gate = Gate(builder)
    assert [gate.glance(attempt) for attempt in attempts.values()] == [None] * 4
    (tmp_path / "prover.toml").touch()
    bodies = {name: attempt.body for name, attempt in attempts.items()}
    write(tmp_path, survey.spliced(bodies, {name: attempt.helpers for name, attempt in attempts.items()}))
    splits = {name for name, attempt in attempts.items() if attempt.splits}
    judgement = await gate.judge(attempts, survey.build, tmp_path, splits=splits)
    assert {name: (v.outcome, v.rests_on) for name, v in judgement.verdicts.items()} == {
        "Numbers.halves": (Outcome.REDUCED, ("Numbers.halves.helper.left", "Numbers.halves.helper.right")),
        "Numbers.formula": (Outcome.REDUCED, ("Numbers.formula.helper.succ",)),
        "Numbers.either": (Outcome.REDUCED, ("Numbers.either.helper.inl",)),
        "Numbers.unnamed": (Outcome.PROVED, ()),
    }
    assert judgement.build is not None
    step = task(Surveyor(builder).read(judgement.build), "Numbers.formula.helper.succ")
    assert isinstance(await Automation().propose(step, at_bench(pool, step)), Attempt)
