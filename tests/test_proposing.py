"""One agent at one task: what it can do wrong ends its attempt, and is called by its name."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tenacity import AsyncRetrying, RetryCallState
from tenacity.wait import wait_none

from agents.base import Agent, Bench, GaveUp
from agents.bench import LeanBench
from agents.scripted import Answer, Scripted
from prover.config import Config
from prover.errors import (
    AgentMisconfigured,
    AgentRefused,
    AgentUnavailable,
    BudgetSpent,
    ConfigError,
    JournalError,
    LeanError,
    ToolchainError,
    WorkerDied,
)
from prover.journal import Event, What
from prover.lean.pool import LeanPool
from prover.ledger import Ledger
from prover.model import Attempt, Budget, Call, Declaration, Fault, Kind, Position, Slot, Task, Tried, Usage
from prover.proposing import TRIES, Nothing, backoff, propose
from prover.state import State, fold
from tests.fakes import FakeToolchain

SOURCE = "theorem t : True := sorry\n"
SLOT = Slot(SOURCE, 0, 0, (8, 9), (10, 16), 10, (17, 25))


def task(agent: str = "small", seconds: float = 60.0, number: int = 7, earlier: tuple[Tried, ...] = ()) -> Task:
    declaration = Declaration("t", "M", Kind.THEOREM, "", frozenset(), frozenset(), True, Position(0, 0))
    return Task(declaration, "abc", SLOT, "", (), (), agent, Budget(seconds, 3), number, earlier)


def a_bench(
    about: Task, pool: LeanPool | None = None, record: Callable[..., object] = lambda steps, said: None
) -> Bench:
    """With a fake Lean that is started when it is asked for the first time; without limits."""
    purse = Ledger(State(), Config(), record).purse(about)
    return LeanBench(pool or LeanPool(FakeToolchain(), size=1), about, {"A.lean": SOURCE}.__getitem__, 5.0, purse)


class Small:
    """An agent made of one function; `asked` counts how often it was asked."""

    name, tries = "small", 1

    def __init__(self, answer: Callable[[Task, Bench], Awaitable[object]]) -> None:
        self.answer, self.asked = answer, 0

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        self.asked += 1
        return await self.answer(task, bench)  # type: ignore[return-value]  # agents are not always as they should be


def answering(answer: object) -> Small:
    async def function(task: Task, bench: Bench) -> object:
        return answer

    return Small(function)


def failing(*errors: BaseException) -> Small:
    """Raises these one after the other, and then answers."""
    left = list(errors)

    async def function(task: Task, bench: Bench) -> object:
        if left:
            raise left.pop(0)
        return Attempt("t", "small", ":= trivial")

    return Small(function)


async def ended(agent: Agent, about: Task | None = None) -> Attempt | Nothing:
    about = about or task()
    return await propose(agent, about, a_bench(about), wait=wait_none())


# What comes back


async def test_an_answer_gets_the_number_of_its_task() -> None:
    attempt = Attempt("t", "small", ":= trivial", ("a thought",), "theorem t.helper.a : True := trivial", True)
    assert await ended(answering(attempt)) == replace(attempt, number=7)


async def test_an_agent_that_gives_up_says_why_and_is_at_no_fault() -> None:
    assert await ended(answering(GaveUp("nothing\nclosed the goal"))) == Nothing("nothing closed the goal", "")


async def test_an_agent_that_finds_nothing_in_its_time_is_at_no_fault() -> None:
    async def for_ever(task: Task, bench: Bench) -> object:
        return await asyncio.Event().wait()

    assert await ended(Small(for_ever), task(seconds=0.01)) == Nothing("small found nothing within 0 s", "")


async def test_an_agent_that_answers_the_end_of_its_time_with_an_error_of_its_own_is_at_no_fault() -> None:
    async def clumsy(task: Task, bench: Bench) -> object:
        try:
            return await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise RuntimeError("the connection is closed") from None

    assert await ended(Small(clumsy), task(seconds=0.01)) == Nothing("small found nothing within 0 s", "")


@pytest.mark.parametrize(
    ("error", "fault", "why"),
    [
        (BudgetSpent("all is spent", "raise it"), Fault.LIMIT, "small stopped: all is spent; raise it"),
        (AgentUnavailable("503"), Fault.TRANSIENT, "small could not go on: 503"),
        (LeanError("it is gone"), Fault.TRANSIENT, "small could not go on: it is gone"),
        (AgentMisconfigured("no key", "set it"), Fault.CONFIGURATION, "small is not configured: no key; set it"),
        (ConfigError("no prompt"), Fault.CONFIGURATION, "small is not configured: no prompt"),
        (ToolchainError("no Lean"), Fault.CONFIGURATION, "small is not configured: no Lean"),
        (KeyError("a bug"), Fault.BUG, "small failed: KeyError: 'a bug'"),
        (TimeoutError("its own"), Fault.BUG, "small failed: TimeoutError: its own"),
        (ExceptionGroup("two", [BudgetSpent("all is spent")]), Fault.LIMIT, "small stopped: all is spent"),
        (RecursionError(), Fault.BUG, "small failed: RecursionError"),
        (SystemExit(2), Fault.BUG, "small failed: SystemExit: 2"),
        (asyncio.CancelledError(), Fault.BUG, "small failed: asyncio.exceptions.CancelledError"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
async def test_an_error_ends_the_attempt_and_is_classified(error: BaseException, fault: Fault, why: str) -> None:
    assert await ended(failing(*[error] * TRIES)) == Nothing(why, fault)


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


async def test_an_error_that_cannot_be_printed_ends_no_run() -> None:
    assert await ended(failing(Unspeakable())) == Nothing(
        f"small failed: {__name__}.Unspeakable: <exception str() failed>", Fault.BUG
    )


async def test_a_reason_is_one_line_of_bearable_length() -> None:
    nothing = await ended(failing(ValueError("<html>\n" * 1000)))
    assert isinstance(nothing, Nothing)
    assert len(nothing.why) == 500
    assert "\n" not in nothing.why


@example("half a character: \ud800")
@given(st.text(st.characters()))
async def test_every_reason_can_be_written_down(text: str) -> None:
    """Also half a character, as a file name or a broken answer may contain it."""
    for agent in (failing(ValueError(text)), answering(GaveUp(text))):
        nothing = await ended(agent)
        assert isinstance(nothing, Nothing)
        json.dumps(nothing.why, ensure_ascii=False).encode()
        assert "\n" not in nothing.why


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Attempt("u", "small", ":= trivial"), "ValueError: it answered for u as small"),
        (Attempt("t", "large", ":= trivial"), "ValueError: it answered for t as large"),
        (None, "TypeError: it answered with NoneType"),
        (":= trivial", "TypeError: it answered with str"),
        (Attempt("t", "small", None), "TypeError: sequence item 0: expected str instance, NoneType found"),  # type: ignore[arg-type]
        (Attempt("t", "small", ":= \ud800"), "UnicodeEncodeError: "),
        (Attempt("t", "small", ":= trivial", ("\udfff",)), "UnicodeEncodeError: "),
    ],
)
async def test_an_answer_that_is_none_is_a_bug(answer: object, why: str) -> None:
    nothing = await ended(answering(answer))
    assert isinstance(nothing, Nothing)
    assert nothing.fault is Fault.BUG
    assert nothing.why.startswith(f"small failed: {why}")


# What is tried again


@pytest.mark.parametrize("error", [AgentUnavailable("503"), WorkerDied("gone")], ids=["server", "worker"])
async def test_what_may_work_a_little_later_is_tried_again(error: Exception) -> None:
    agent = failing(*[error] * (TRIES - 1))
    assert isinstance(await ended(agent), Attempt)
    assert agent.asked == TRIES


@pytest.mark.parametrize("error", [AgentUnavailable("503"), WorkerDied("gone")], ids=["server", "worker"])
async def test_but_not_for_ever(error: Exception) -> None:
    agent = failing(*[error] * 100)
    await ended(agent)
    assert agent.asked == TRIES


@pytest.mark.parametrize("error", [AgentMisconfigured("no key"), BudgetSpent("all is spent"), KeyError("a bug")])
async def test_what_will_not_work_is_not_tried_again(error: Exception) -> None:
    agent = failing(error)
    await ended(agent)
    assert agent.asked == 1


async def test_who_has_asked_again_already_is_not_asked_again() -> None:
    """A caller of models has been patient with its server; whoever begins anew would be so once more."""
    agent = failing(AgentUnavailable("529", tried=True))
    assert await ended(agent) == Nothing("small could not go on: 529", Fault.TRANSIENT)
    assert agent.asked == 1


async def test_a_request_that_is_refused_ends_the_attempt_and_is_nobodys_fault() -> None:
    agent = failing(AgentRefused("the prompt is too long: 250,000 tokens"))
    assert await ended(agent) == Nothing("small was refused an answer: the prompt is too long: 250,000 tokens", "")
    assert agent.asked == 1


async def test_who_begins_anew_finds_what_was_said_and_pays_for_it_once() -> None:
    paid: list[int] = []

    async def converses(task: Task, bench: Bench) -> object:
        for number in range(3):
            if bench.said(number) is None:
                with bench.paying(Call(number, "x", 9, 0.5)) as bill:
                    bill.usage, bill.said = Usage(output=1), f"answer {number}"
                raise WorkerDied("gone")  # once after each call
        return Attempt("t", "small", ":= trivial", tuple(filter(None, map(bench.said, range(3)))))

    def record(steps: Sequence[tuple[What, Mapping[str, Any]]], said: str) -> None:
        paid.extend(data["number"] for what, data in steps if what is What.SPENT)

    bench = a_bench(task(), record=record)
    answer = await propose(Small(converses), task(), bench, wait=wait_none())
    assert isinstance(answer, Attempt)
    assert (answer.history, paid) == (("answer 0", "answer 1", "answer 2"), [0, 1, 2])


async def test_nobody_waits_for_a_try_that_the_budget_has_no_time_for() -> None:
    agent = failing(*[AgentUnavailable("429", after=3600.0)] * 9)
    about = task(seconds=60.0)
    assert await propose(agent, about, a_bench(about)) == Nothing("small could not go on: 429", Fault.TRANSIENT)
    assert agent.asked == 1


def call(number: int, error: Exception) -> RetryCallState:
    state = RetryCallState(AsyncRetrying(), None, (), {})
    state.attempt_number = number
    state.set_exception((type(error), error, None))
    return state


def test_the_pause_grows_and_is_no_shorter_than_the_server_has_asked_for() -> None:
    for number in (1, 2, 3):
        assert 2 ** (number - 1) <= backoff(call(number, LeanError("gone"))) <= 2 ** (number - 1) + 1
    assert backoff(call(1, AgentUnavailable("429", after=17.0))) == 17.0
    assert backoff(call(4, AgentUnavailable("429", after=1.0))) >= 8.0


async def test_a_dead_worker_is_no_end_of_the_attempt() -> None:
    """With a worker that is a real process and dies on the first question."""

    async def asks(task: Task, bench: Bench) -> object:
        asked.append(task.number)
        await bench.try_bodies([":= by\ndie" if len(asked) == 1 else ":= by\nfine"])
        return Attempt("t", "small", ":= trivial")

    asked: list[int] = []
    async with LeanPool(FakeToolchain(), size=1, spares=0) as pool:
        answer = await propose(Small(asks), task(), a_bench(task(), pool), wait=wait_none())
    assert isinstance(answer, Attempt)
    assert asked == [7, 7]


# What passes through


async def test_a_cancelled_attempt_is_cancelled() -> None:
    began = asyncio.Event()

    async def for_ever(task: Task, bench: Bench) -> object:
        began.set()
        return await asyncio.Event().wait()

    attempt = asyncio.create_task(ended(Small(for_ever)))
    await began.wait()
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt


async def test_a_journal_that_is_no_longer_ours_ends_more_than_the_attempt() -> None:
    def record(steps: object, said: str) -> None:
        raise JournalError("another process has taken this run over")

    async def pays(task: Task, bench: Bench) -> object:
        with bench.paying(Call(0, "x", 1, 1.0)):
            return Attempt("t", "small", ":= trivial")

    with pytest.raises(JournalError):
        await propose(Small(pays), task(), a_bench(task(), record=record))


# What an agent is told


async def test_what_was_wrong_with_the_last_attempt_reaches_the_next_one() -> None:
    async def learns(task: Task, bench: Bench) -> object:
        return Attempt("t", "small", f":= by -- {'; '.join(tried.why for tried in task.earlier)}")

    state, about = State(), {"declaration": "t", "agent": "small"}

    def record(what: What, **data: object) -> None:
        fold([Event(0, 1.0, what, {**about, **data})], state)

    for number, explanation in enumerate(("unknown identifier `foo`", "it rests on the open lemma `u`"), start=1):
        record(What.ASSIGNED, attempt=number, base="abc", knew=[])
        made = await ended(Small(learns), task(number=number, earlier=tuple(state.tried.get("t", ()))))
        assert isinstance(made, Attempt)
        text = {"body": made.body, "helpers": "", "splits": False, "history": []}
        record(What.PROPOSED, attempt=number, seconds=1.0, **text)
        refused = {"outcome": "rejected", "explanation": explanation, "rests_on": [], "commit": "", "final": True}
        record(What.JUDGED, attempt=number, **refused)
    made = await ended(Small(learns), task(earlier=tuple(state.tried["t"])))
    assert isinstance(made, Attempt)
    assert made.body == ":= by -- unknown identifier `foo`; it rests on the open lemma `u`"


# The scripted agent


def after(*agents: str) -> tuple[Tried, ...]:
    return tuple(Tried(agent, frozenset(), "rejected") for agent in agents)


@pytest.mark.parametrize(
    ("earlier", "body"),
    [((), ":= one"), (after("scripted"), ":= two"), (after("automation", "scripted", "automation"), ":= two")],
)
async def test_the_kth_entry_of_a_script_is_for_the_kth_attempt_of_its_own(
    earlier: tuple[Tried, ...], body: str
) -> None:
    for _ in range(2):  # nothing is kept in the agent: a resumed run has another one
        answer = await ended(Scripted({"t": [":= one", ":= two"]}), task("scripted", earlier=earlier))
        assert isinstance(answer, Attempt)
        assert answer.body == body


async def test_a_script_that_is_used_up_has_no_answer() -> None:
    agent = Scripted({"t": [":= one"], "u": [":= one", ":= two"]})
    assert await ended(agent, task("scripted", earlier=after("scripted"))) == Nothing("the script has no answer")
    assert (agent.tries, Scripted({}).tries, Scripted({"t": []}).tries) == (2, 1, 1)


async def test_a_script_may_hold_whole_attempts(tmp_path: Path) -> None:
    path = tmp_path / "script.toml"
    path.write_text(
        't = [":= one", { body = ":= t.helper.a", helpers = "theorem t.helper.a : True := sorry", splits = true }]\n'
    )
    agent = Scripted.from_file(path)
    answer = await ended(agent, task("scripted", earlier=after("scripted")))
    assert answer == Attempt(
        "t",
        "scripted",
        ":= t.helper.a",
        ("answered from the script",),
        "theorem t.helper.a : True := sorry",
        splits=True,
        number=7,
    )
    assert agent.tries == 2
    assert Answer(body=":= one").splits is False
