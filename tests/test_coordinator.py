"""What the coordinator makes of many attempts: races, limits, faults, splits. Without Lean, on the real git."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from agents.base import Bench, GaveUp, Premise
from agents.scripted import Answer, Scripted
from benchmarks.perf.stub import BAD_NAMED, OK, StubGate, StubSurveyor, synthetic
from prover import running
from prover.coordinator import NOTHING_LEFT, OUT_OF_TIME
from prover.errors import AgentMisconfigured, JournalError
from prover.journal import Event, What
from prover.judge.gate import Gate, Judgement
from prover.landing import CRASHES
from prover.lean.build import Build
from prover.model import Attempt, Call, Evidence, Kind, Outcome, Reason, Task, Usage, Verdict
from prover.search import index as search_index
from tests.stub_run import StubCrew, stub_crew
from tests.test_story import git

T = [f"Stub.M000.t{n}" for n in range(20)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Twenty open theorems in one file."""
    synthetic(tmp_path / "project", len(T), seed=1)
    return tmp_path / "project"


class Agent:
    """Proves everything, after something has happened."""

    tries = 1

    def __init__(self, name: str, *, after: asyncio.Event | None = None, body: str = OK) -> None:
        self.name, self.after, self.body = name, after, body
        self.asked = 0

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        self.asked += 1
        if self.after is not None:
            await self.after.wait()
        return Attempt(task.declaration.name, self.name, self.body)


def of(events: list[Event], what: What) -> list[Event]:
    return [event for event in events if event.what is what]


async def test_twenty_theorems_of_one_file_are_proved_by_twenty_agents_at_once(root: Path) -> None:
    together, events = asyncio.Event(), list[Event]()
    team = [Agent(f"agent-{n}", after=together) for n in range(20)]

    def watch(event: Event) -> None:
        events.append(event)
        if len(of(events, What.ASSIGNED)) == len(T):
            together.set()

    finished = await running.run(stub_crew(root, team, watch, workers=20))
    assert finished.record.state.open == set()
    assert {event.data["outcome"] for event in of(events, What.JUDGED)} == {"proved"}
    assert [event.data["attempts"] for event in of(events, What.BUILT)] == [20]
    assert len(git(root, "log", "--format=%h", "main..prover/run-1").splitlines()) == len(T)


async def test_in_a_race_the_first_proof_wins_and_the_others_are_cancelled_and_charged(root: Path) -> None:
    events, never = list[Event](), asyncio.Event()
    slow, quick = Agent("slow", after=never), Scripted({T[0]: [OK]})
    many: dict[str, Any] = {"workers": 40, "limits": {"attempts": 40}, "attempt_seconds": 5.0}
    crew = stub_crew(root, [slow, quick], events.append, race=2, **many)
    finished = await asyncio.wait_for(running.run(crew), 60)
    (cancelled,) = (event.data for event in of(events, What.DROPPED) if event.data["declaration"] == T[0])
    assert (cancelled["agent"], cancelled["why"]) == ("slow", "another attempt was merged first")
    assert finished.record.state.merged.keys() == {T[0]}
    assert finished.record.state.spent_on[T[0]].attempts == 2
    assert finished.record.state.spent_by["slow"].seconds > 0


async def test_the_limit_on_attempts_ends_the_run_with_everything_merged_that_was_proved(root: Path) -> None:
    finished = await running.run(stub_crew(root, [Agent("one")], limits={"attempts": 5}))
    state = finished.record.state
    assert (state.attempts, len(state.merged)) == (5, 5)
    assert "5 attempts" in (state.ended or "")
    assert len(git(root, "log", "--format=%h", "main..prover/run-1").splitlines()) == 5
    assert all("5 attempts" in why for why in finished.reasons().values())
    # With more to spend, it goes on where it was.
    resumed = await running.resume(stub_crew(root, [Agent("one")], limits={"attempts": 12}), "run-1")
    assert (resumed.record.state.attempts, len(resumed.record.state.merged)) == (12, 12)


async def test_when_the_time_is_up_what_is_under_way_is_ended_and_what_is_proved_is_merged(root: Path) -> None:
    events, never = list[Event](), asyncio.Event()
    script, slow = Scripted({name: [OK] for name in T[:3]}), Agent("slow", after=never)
    finished = await running.run(stub_crew(root, [script, slow], events.append, limits={"seconds": 2.0}, workers=8))
    state = finished.record.state
    assert state.merged.keys() == set(T[:3])
    assert {event.data["why"] for event in of(events, What.DROPPED)} == {OUT_OF_TIME}
    assert "2 seconds" in (state.ended or "")


async def test_an_agent_that_is_not_configured_is_asked_three_times_and_no_more(root: Path) -> None:
    class Keyless(Agent):
        async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
            self.asked += 1
            raise AgentMisconfigured("there is no key", "set it")

    keyless, other = Keyless("keyless"), Scripted({T[4]: [OK]})
    finished = await running.run(stub_crew(root, [keyless, other], workers=1))
    assert keyless.asked == 3
    assert finished.record.state.merged.keys() == {T[4]}
    assert finished.record.state.ended == NOTHING_LEFT


SPLIT = Answer(
    body=f"{OK} uses {T[1]}.helper.a {T[1]}.helper.b",
    helpers=f"theorem {T[1]}.helper.a : 1 = 1 := by\n  sorry\n\ntheorem {T[1]}.helper.b : 2 = 2 := by\n  sorry\n",
    splits=True,
)


async def test_a_split_moves_the_hole_to_lemmas_which_are_then_declarations_like_any_other(root: Path) -> None:
    events = list[Event]()
    lemmas = [f"{T[1]}.helper.a", f"{T[1]}.helper.b"]
    script = Scripted({T[1]: [SPLIT], lemmas[0]: [OK], lemmas[1]: [BAD_NAMED, OK]})
    finished = await running.run(stub_crew(root, [script], events.append))
    split, *_, last = (event.data for event in of(events, What.MERGED))
    assert (split["outcome"], split["opened"], split["closed"]) == ("reduced", lemmas, [])
    assert (last["declaration"], sorted(last["closed"])) == (lemmas[1], sorted([T[1], lemmas[1]]))
    state = finished.record.state
    assert state.counts()["theorems"] == len(T) + 2
    assert state.open == set(T) - {T[1]}
    assert list(state.merged) == [T[1], *lemmas]


async def test_what_does_not_prove_is_told_to_the_next_attempt(root: Path) -> None:
    seen: list[tuple[str, str]] = []

    class Learner(Agent):
        tries = 2

        async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
            seen.extend((tried.body, tried.why) for tried in task.earlier)
            return Attempt(task.declaration.name, self.name, OK if task.earlier else BAD_NAMED)

    finished = await running.run(stub_crew(root, [Learner("learner")]))
    assert finished.record.state.open == set()
    assert seen == [(BAD_NAMED, "it says that it is refused")] * len(T)


class Fragile(StubGate):
    """A judge that crashes a number of times first."""

    crashes = 0

    async def judge(
        self, names: Collection[str], before: Build, root: Path, *, free: bool = False, splits: Collection[str] = ()
    ) -> Judgement:
        if type(self).crashes:
            type(self).crashes -= 1
            crashed = Verdict(Outcome.CRASHED, (Reason.CRASHED,), "it crashed", evidence=Evidence())
            return Judgement(dict.fromkeys(names, crashed), None, shared=True)
        return await super().judge(names, before, root, free=free, splits=splits)


class FragileCrew(StubCrew):
    def gate(self) -> AbstractAsyncContextManager[Gate]:
        assert isinstance(self.surveyor, StubSurveyor)
        return nullcontext(Fragile(self.surveyor))


@pytest.mark.parametrize(("crashes", "ends"), [(CRASHES - 1, "proved"), (CRASHES, "crashed")])
async def test_a_proposal_on_which_the_judge_crashes_is_judged_again_but_not_for_ever(
    root: Path, crashes: int, ends: str
) -> None:
    Fragile.crashes = crashes
    events: list[Event] = []
    crew = stub_crew(root, [Scripted({T[2]: [OK]})], events.append, kind=FragileCrew)
    finished = await running.run(crew)
    judged = of(events, What.JUDGED)
    assert len(judged) == min(crashes + 1, CRASHES)
    assert [event.data["final"] for event in judged] == [False] * (len(judged) - 1) + [True]
    assert finished.record.state.tried[T[2]][0].ended == ends


class Patient(Agent):
    """Gives up when so many of its kind are at work at once, or when it is told to."""

    def __init__(self, name: str, crowd: int, enough: asyncio.Event) -> None:
        super().__init__(name)
        self.crowd, self.enough, self.at_work, self.most = crowd, enough, 0, 0

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        if self.at_work == self.crowd:
            self.enough.set()
        await self.enough.wait()
        self.at_work -= 1
        return GaveUp("there was nothing to see")


async def test_attempts_that_ask_a_model_have_places_of_their_own(root: Path) -> None:
    """The few that keep a Lean worker busy are at work meanwhile."""
    enough = asyncio.Event()
    asking, working = Patient("refiner", 5, enough), Patient("worker", 99, enough)
    team = [asking, working]
    crew = stub_crew(root, team, workers=1, conversations=5, race=2, search=False)
    await asyncio.wait_for(running.run(crew), 60)
    assert (asking.most, working.most) == (5, 1)


class Talker(Agent):
    """Pays for two calls, and waits between them the first time."""

    def __init__(self, name: str, interrupted: asyncio.Event) -> None:
        super().__init__(name)
        self.interrupted = interrupted

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        self.asked += 1
        heard = [await self.heard(bench, number) for number in range(2)]
        return Attempt(task.declaration.name, self.name, OK, tuple(heard))

    async def heard(self, bench: Bench, number: int) -> str:
        if (said := bench.said(number)) is not None:
            return said
        if number and self.asked == 1:
            self.interrupted.set()
            await asyncio.Event().wait()
        with bench.paying(Call(number, "a model", 100, 0.5)) as bill:
            bill.usage, bill.dollars, bill.said = Usage(10, 5), 0.25, f"answer {number} to attempt {self.asked}"
        return bill.said


async def test_a_conversation_goes_on_after_its_run_was_interrupted_and_nothing_is_paid_twice(root: Path) -> None:
    events, interrupted = list[Event](), asyncio.Event()
    talker = Talker("talker", interrupted)
    limits: dict[str, Any] = {"limits": {"attempts": 1, "dollars": 1.0}}
    run = asyncio.create_task(running.run(stub_crew(root, [talker], events.append, **limits)))
    await interrupted.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert not of(events, What.PROPOSED)
    finished = await running.resume(stub_crew(root, [talker], events.append, **limits), "run-1")
    (proposed,) = of(events, What.PROPOSED)
    assert proposed.data["history"] == ["answer 0 to attempt 1", "answer 1 to attempt 2"]
    assert [event.data["number"] for event in of(events, What.SPENT)] == [0, 1]
    state = finished.record.state
    assert (state.attempts, state.spent.dollars, state.spent.calls, len(state.merged)) == (1, 0.5, 2, 1)


async def test_a_conversation_whose_agent_is_not_there_any_more_is_dropped(root: Path) -> None:
    events, interrupted = list[Event](), asyncio.Event()
    run = asyncio.create_task(running.run(stub_crew(root, [Talker("talker", interrupted)], limits={"attempts": 1})))
    await interrupted.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    await running.resume(stub_crew(root, [Agent("other")], events.append), "run-1")
    (dropped,) = of(events, What.DROPPED)
    assert (dropped.data["agent"], "not in the team" in dropped.data["why"]) == ("talker", True)


class Looking(Agent):
    """Says in its history what a search has found."""

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        found = await bench.search("a goal", most=1)
        return Attempt(task.declaration.name, self.name, OK, tuple(premise.name for premise in found))


class Named:
    """An index whose searches find what they were asked with."""

    def at(self, survey: object) -> "Named":
        return self

    async def search(self, query: str, most: int, *, asker: str) -> tuple[Premise, ...]:
        return (Premise(f"{query} of {asker}", "M", Kind.THEOREM, "True"),) * most


class SearchingCrew(StubCrew):
    """Its index is there when the event is set."""

    there = asyncio.Event()

    @asynccontextmanager
    async def index(self) -> AsyncIterator[Any]:
        async def making() -> Named:
            await self.there.wait()
            return Named()

        task = asyncio.create_task(making())
        yield task
        task.cancel()


async def test_agents_search_for_the_declaration_that_they_are_at(root: Path) -> None:
    events, SearchingCrew.there = list[Event](), asyncio.Event()
    SearchingCrew.there.set()
    await running.run(stub_crew(root, [Looking("looking")], events.append, kind=SearchingCrew))
    found = {event.data["declaration"]: event.data["history"] for event in of(events, What.PROPOSED)}
    assert found == {name: [f"a goal of {name}"] for name in T}


async def test_nobody_waits_for_ever_for_what_is_being_indexed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "INDEXING", 0.01)
    events, SearchingCrew.there = list[Event](), asyncio.Event()
    await running.run(stub_crew(root, [Looking("looking")], events.append, kind=SearchingCrew))
    assert [event.data["history"] for event in of(events, What.PROPOSED)] == [[]] * len(T)


async def test_two_processes_cannot_work_on_one_run(root: Path) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    def watch(event: Event) -> None:
        if event.what is What.ASSIGNED:
            begun.set()

    async with asyncio.TaskGroup() as group:
        first = group.create_task(running.run(stub_crew(root, [Agent("slow", after=go_on)], watch)))
        await begun.wait()
        with pytest.raises(JournalError, match="is working on this run"):
            await running.resume(stub_crew(root, [Agent("other")]), "run-1")
        go_on.set()
    assert first.result().record.state.open == set()
