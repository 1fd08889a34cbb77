"""The bench on the real Lean: what it says of candidates, of goals, and of the project's files."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from agents.base import Premise
from agents.bench import LeanBench
from prover.config import Config
from prover.errors import BudgetSpent
from prover.journal import What
from prover.lean.pool import LeanPool
from prover.lean.source import find_slot
from prover.lean.toolchain import Toolchain
from prover.ledger import Ledger
from prover.model import Budget, Call, Declaration, Kind, Position, Task, Usage
from prover.state import State
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


def a_bench(
    pool: LeanPool, task: Task, timeout: float = SECONDS, record: Callable[..., object] = lambda steps, said: None
) -> LeanBench:
    """At which a project of one file can be read, and one dollar be paid."""
    purse = Ledger(State(), Config.model_validate({"limits": {"dollars": 1}}), record).purse(task)
    return LeanBench(pool, task, {"M.lean": SOURCE}.__getitem__, timeout, purse)


DOUBLE_ADD, WIDE = task("double_add", 3), task("wide", 7)


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


@pytest.fixture
def bench(pool: LeanPool) -> LeanBench:
    return a_bench(pool, DOUBLE_ADD)


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


async def test_universe_parameters_are_declared_for_the_copies(pool: LeanPool) -> None:
    (trial,) = await a_bench(pool, WIDE).try_bodies([":= rfl"])
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


async def test_a_candidate_that_hangs_is_found_out_and_spoils_no_other() -> None:
    """With a fake Lean: what makes a real one hang is a bug that is mended in the next release."""
    async with LeanPool(FakeToolchain(), size=1) as pool:
        bench = a_bench(pool, DOUBLE_ADD, timeout=0.5)
        trials = await bench.try_bodies([":= one", ":= two\nhang", ":= three"])
    assert [trial.closes for trial in trials] == [True, False, True]
    assert trials[1].messages == ("no answer within the time limit",)


async def test_each_question_costs_one_check_and_none_is_answered_on_credit(pool: LeanPool) -> None:
    bench = a_bench(pool, replace(DOUBLE_ADD, budget=Budget(SECONDS, checks=2)))
    await bench.goals()
    await bench.try_bodies([":= by skip"] * 3)
    with pytest.raises(BudgetSpent):
        await bench.try_bodies([":= by skip"])


async def test_no_candidates_cost_nothing(pool: LeanPool) -> None:
    bench = a_bench(pool, replace(DOUBLE_ADD, budget=Budget(SECONDS, checks=0)))
    assert await bench.try_bodies([]) == []


def test_files_of_the_project_can_be_read(bench: LeanBench) -> None:
    assert bench.read("M.lean") == SOURCE


def test_a_model_is_paid_through_the_bench_and_not_on_credit(pool: LeanPool) -> None:
    written: list[object] = []
    bench = a_bench(
        pool,
        DOUBLE_ADD,
        record=lambda steps, said: written.append((steps[0][0], steps[0][1]["dollars"], said)),
    )
    with bench.paying(Call(0, "a model", 1000, 0.75)) as bill:
        bill.usage, bill.dollars, bill.said = Usage(output=10), 0.125, "an answer"
        with pytest.raises(BudgetSpent), bench.paying(Call(1, "another", 0, 0.5)):
            pytest.fail("it was called")
    assert written == [(What.CALLING, 0.75, ""), (What.SPENT, 0.125, "an answer")]
    assert (bench.said(0), bench.said(1)) == ("an answer", None)


async def test_a_search_is_for_so_many_and_where_there_is_nothing_to_search_finds_nothing(pool: LeanPool) -> None:
    async def find(query: str, most: int) -> tuple[Premise, ...]:
        return (Premise(query, "M", Kind.THEOREM, "True"),) * most

    purse = Ledger(State(), Config(), lambda steps, said: None).purse(DOUBLE_ADD)
    bench = LeanBench(pool, DOUBLE_ADD, {"M.lean": SOURCE}.__getitem__, SECONDS, purse, find)
    assert [premise.name for premise in await bench.search("Nat.add_comm", most=2)] == ["Nat.add_comm"] * 2
    assert await a_bench(pool, DOUBLE_ADD).search("Nat.add_comm") == ()


@pytest.mark.parametrize("loose", [":= by /- never ends", ':= by exact "', ":= by\n  skip\n#exit", "/-- a"])
async def test_a_body_without_an_end_hides_nothing_of_what_is_tried_behind_it(bench: LeanBench, loose: str) -> None:
    wrong, right = ":= by exact nonsense", ":= by unfold double; omega"
    trials = await bench.try_bodies([right, loose, wrong, right])
    assert [trial.body for trial in trials] == [right, loose, wrong, right]
    assert [trial.closes for trial in trials] == [True, False, False, True]
    (remark,) = trials[1].remarks
    assert remark.error
    assert loose[remark.start] in '/"#'


async def test_remarks_have_their_characters_in_the_body_also_behind_strange_ones(bench: LeanBench) -> None:
    body = ":= by\n  have 𝔸 := a; exact nonsense"
    (trial,) = await bench.try_bodies([body])
    remark = next(remark for remark in trial.remarks if "nonsense" in remark.text)
    assert (body[remark.start : remark.end], remark.line, remark.error) == ("nonsense", 2, True)


async def test_a_body_may_call_itself_by_its_name(pool: LeanPool) -> None:
    recursive = "| 0 => rfl\n| n + 1 => by rw [double_zero n]"
    text = "theorem double_zero : (n : Nat) → 0 * n = 0\n  | _ => sorry\n"
    slot = find_slot(text, Position(0, 0), "double_zero")
    bench = a_bench(pool, replace(DOUBLE_ADD, slot=slot, outline=""))
    (trial, again) = await bench.try_bodies(["| 0 => rfl\n| n + 1 => congrArg (· + 0) (double_zero n)", recursive])
    assert (trial.closes, again.closes) == (True, False), trial.messages


async def test_goals_are_told_at_several_places_at_once_and_for_another_statement(bench: LeanBench) -> None:
    body = ":= by\n  constructor\n  · exact h\n  · omega"
    goals = await bench.goals_at(
        body, [body.index("exact"), body.index("omega"), 1], statement="(a : Nat) (h : a = 1) : a = 1 ∧ 1 = a"
    )
    assert [goal and goal[0].rpartition("⊢ ")[2] for goal in goals] == ["a = 1", "1 = a", None]
