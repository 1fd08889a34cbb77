"""Runs on the real Lean: what is false stays open, what rests on a hole waits, and no agent can end a run."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from agents.automation import Automation
from agents.base import Agent, Bench, GaveUp
from agents.scripted import Scripted
from prover import running
from prover.config import Config
from prover.errors import BuildFailed
from prover.git.repository import Repository
from prover.journal import Event, What
from prover.model import Attempt, Task
from prover.running import Crew
from prover.state import State
from prover.team import Team
from tests.test_story import git

pytestmark = pytest.mark.usefixtures("toolchain")
Make = Callable[[Mapping[str, str]], Path]

TWO = """
theorem first (n : Nat) : n + 0 = n := by
  sorry

theorem second (n : Nat) : n + 0 + 0 = n := by
  sorry
"""


def nobody(event: Event) -> None:
    """Watches a run without a word."""


async def run(root: Path, *team: Agent, watch: Callable[[Event], None] = nobody, **settings: Any) -> State:
    return (await running.run(crew(root, *team, watch=watch, **settings))).record.state


def crew(root: Path, *team: Agent, watch: Callable[[Event], None] = nobody, **settings: Any) -> Crew:
    config = Config(workers=1, spares=0, canaries=0).model_copy(update=settings)
    agents = Team({agent.name: agent for agent in team})
    return Crew.of(root, config, agents, [watch], progress=lambda ready, total: None)


async def test_a_false_theorem_stays_open_and_says_why_while_the_others_are_proved(project: Make) -> None:
    root = project({"A": TWO + "\ntheorem wrong (n : Nat) : n < 5 := by\n  sorry\n"})
    state = await run(root, Automation())
    assert set(state.merged) == {"first", "second"}
    assert state.open == {"wrong"}
    assert state.why("wrong") == "it looks false: Lean refutes it for n = 5"
    assert "theorem wrong (n : Nat) : n < 5 := by\n  sorry" in git(root, "show", "prover/run-1:A.lean")


RESTING = """
theorem lemma (n : Nat) : n + 0 = n := by
  sorry

theorem above (n : Nat) : n + 0 + 0 = n := by
  sorry
"""


async def test_a_proof_that_rests_on_a_hole_is_refused_and_tried_once_only(project: Make) -> None:
    state = await run(project({"A": RESTING}), Scripted({"above": [":= (lemma (n + 0)).trans (lemma n)"]}))
    (tried,) = state.tried["above"]
    assert tried.ended == "rejected"
    assert tried.rests_on == {"lemma"}
    assert "rests on the open lemma" in state.why("above")


class Patient(Scripted):
    """Answers only after something has been judged."""

    name = "patient"

    def __init__(self, script: dict[str, list[str]]) -> None:
        super().__init__(script)
        self.judged = asyncio.Event()

    def watch(self, event: Event) -> None:
        if event.what is What.JUDGED:
            self.judged.set()

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        await self.judged.wait()
        return await super().propose(task, bench)


async def test_a_proof_that_rests_on_a_hole_is_merged_after_the_hole_is_closed(project: Make) -> None:
    hasty = Scripted({"above": [":= (lemma (n + 0)).trans (lemma n)"] * 2})
    patient = Patient({"lemma": [":= by omega"]})
    state = await run(project({"A": RESTING}), hasty, patient, watch=patient.watch, workers=2)
    by_hasty = [tried.ended for tried in state.tried["above"] if tried.agent == hasty.name]
    assert by_hasty == ["rejected", "proved"]
    assert list(state.merged) == ["lemma", "above"]


async def test_what_rests_on_each_other_is_proved_in_one_batch(project: Make) -> None:
    answers = {"above": [":= (lemma (n + 0)).trans (lemma n)"], "lemma": [":= by omega"]}
    state = await run(project({"A": RESTING}), Scripted(answers))
    assert set(state.merged) == {"above", "lemma"}


async def test_a_wrong_proof_is_refused_with_the_place_of_the_error(project: Make) -> None:
    state = await run(project({"A": TWO}), Scripted({"first": [":= by nonsense"]}))
    assert state.merged == {}
    assert "A.lean:6:" in state.why("first")


async def test_in_a_batch_only_the_bad_attempt_is_refused(project: Make) -> None:
    answers = {"first": [":= by nonsense"], "second": [":= by simp"]}
    state = await run(project({"A": TWO}), Scripted(answers), workers=2)
    assert set(state.merged) == {"second"}


class Failing:
    """An agent with a bug."""

    name = "failing"
    tries = 1

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        raise KeyError("a bug")


class Silent:
    """An agent that never answers."""

    name = "silent"
    tries = 1

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        await asyncio.Event().wait()
        return GaveUp("it was never asked to stop")


class Greedy:
    """An agent that asks for more checks than it has."""

    name = "greedy"
    tries = 1

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        while True:
            await bench.goals()


class Confused:
    """An agent that answers another question."""

    name = "confused"
    tries = 1

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        return Attempt("another", self.name, ":= rfl")


@pytest.mark.parametrize(
    ("agent", "settings", "why"),
    [
        (Confused(), {}, "confused failed: ValueError: it answered for another as confused"),
        (Failing(), {}, "failing failed: KeyError: 'a bug'"),
        (Silent(), {"attempt_seconds": 0.1}, "silent found nothing within 0 s"),
        (Greedy(), {"attempt_checks": 2}, "greedy stopped: all checks of its budget are used"),
    ],
    ids=["another name", "a bug", "no answer", "too many checks"],
)
async def test_a_failing_agent_ends_its_attempt_and_not_the_run(
    project: Make, agent: Agent, settings: dict[str, Any], why: str
) -> None:
    state = await run(project({"A": TWO}), agent, **settings)
    assert (state.why("first"), state.why("second")) == (why, why)
    assert state.ended is not None


async def test_the_next_agent_gets_what_the_first_could_not_do(project: Make) -> None:
    state = await run(project({"A": TWO}), Failing(), Scripted({"first": [":= by simp"]}))
    assert [tried.agent for tried in state.tried["first"]] == ["failing", "scripted"]
    assert set(state.merged) == {"first"}


TWENTY = [f"t{n}" for n in range(20)]


async def test_twenty_agents_at_once_prove_the_twenty_theorems_of_one_file(project: Make) -> None:
    """Without a conflict: their proofs stand in twenty places."""
    text = "\n".join(f"theorem {name} (a : Nat) : a + {n} = {n} + a := by\n  sorry\n" for n, name in enumerate(TWENTY))
    events, together = list[Event](), asyncio.Event()

    class Agent(Scripted):
        def __init__(self, number: int) -> None:
            super().__init__({name: [":= Nat.add_comm ..", ":= Nat.add_comm .."] for name in TWENTY})
            self.name = f"agent-{number}"

        async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
            await together.wait()
            return await super().propose(task, bench)

    def watch(event: Event) -> None:
        events.append(event)
        if sum(event.what is What.ASSIGNED for event in events) == len(TWENTY):
            together.set()

    root = project({"A": text})
    state = await run(root, *map(Agent, range(20)), watch=watch, workers=20)
    assert set(state.merged) == set(TWENTY)
    assert [event.data["outcome"] for event in events if event.what is What.JUDGED] == ["proved"] * 20
    assert [event.data["builds"] for event in events if event.what is What.BUILT] == [1]
    assert len(git(root, "log", "--format=%h", "main..prover/run-1").splitlines()) == 20


MADE = """
macro "make_it" : command => `(theorem made : 1 + 1 = 2 := by sorry)

make_it

theorem after (n : Nat) : n + 0 = n := by
  sorry
"""


async def test_a_theorem_that_stands_in_no_slot_is_passed_over(project: Make) -> None:
    finished = await running.run(crew(project({"A": MADE}), Scripted({"after": [":= rfl"]})))
    state = finished.record.state
    assert set(state.merged) == {"after"}
    (made,) = state.open
    assert made.startswith("made")
    assert finished.reasons()[made].startswith("no slot for made")


async def test_a_project_that_does_not_compile_starts_no_run_and_leaves_nothing(project: Make) -> None:
    root = project({"A": "theorem broken : 1 = 2 := by rfl"})
    with pytest.raises(BuildFailed, match=r"A\.lean:5:\d+: "):
        await run(root, Scripted({}))
    assert Repository.of(root).runs() == []
    assert git(root, "worktree", "list").count("\n") == 1


async def test_a_run_that_is_cancelled_leaves_no_worktree(project: Make) -> None:
    root = project({"A": TWO})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(10):
            await run(root, Silent())
    assert git(root, "worktree", "list").count("\n") == 1


async def test_a_branch_that_somebody_else_moved_is_followed_and_not_overwritten(project: Make) -> None:
    root, events = project({"A": TWO}), list[Event]()

    class Meddler(Scripted):
        """Moves the run's branch while its own first proof is on the way."""

        async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
            if task.number == 1:
                (root / "A.lean").write_text((root / "A.lean").read_text() + "\ntheorem third : 1 = 1 := rfl\n")
                git(root, "commit", "-q", "-a", "-m", "mine")
                git(root, "update-ref", "refs/heads/prover/run-1", "HEAD")
            return await super().propose(task, bench)

    git(root, "config", "user.name", "User")
    git(root, "config", "user.email", "user@localhost")
    meddler = Meddler({"first": [":= by simp"], "second": [":= by simp"]})
    state = await run(root, meddler, watch=events.append)
    assert set(state.merged) == {"first", "second"}
    (moved,) = (event.data for event in events if event.what is What.MOVED)
    assert (moved["theorems"], moved["closed"], moved["opened"]) == (3, [], [])
    assert git(root, "log", "--format=%s", "--reverse", "main..prover/run-1").count("Prove") == 2
    assert git(root, "merge-base", "main", "prover/run-1") == git(root, "rev-parse", "main")
    assert "theorem third" in git(root, "show", "prover/run-1:A.lean")
