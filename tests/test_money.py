"""A run that may spend $0.50 never spends more, whatever goes wrong: the server's own bill is the measure.

A real ledger over a real journal, the real SDK, and a server that speaks the real protocol and bills what it has worked
out, delivered or not. Schedules of faults are random, and the same in every run of the tests.
"""

import asyncio
import random
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agents.models.anthropic import Claude
from agents.models.base import Limits, Message, Price, Role
from agents.models.caller import Caller
from agents.models.endpoint import Endpoint
from prover.errors import AgentUnavailable, BudgetSpent
from tests.anthropic_rules import Bill, Json, PromptCache
from tests.anthropic_wire import Broken, Fault, Refused
from tests.fake_anthropic import KEY, Ended, FakeAnthropic
from tests.paying import Books, Desk, quick_folder

LIMIT = 0.50
PRICE = Price(input=5, output=25, cache_read=0.5, cache_write=6.25)  # the server's tariff
ATTEMPTS, FAULTS, ROUNDS = 3, 12, 100
SECONDS = 0.25  # wall limit of a call; a stalled one takes all of it
TINY = 1e-12  # dollars by which sums of floating-point numbers may differ
QUESTION = "Prove it. " * 40


@dataclass
class Server(FakeAnthropic):
    """Serves one schedule after the other. `gaps` are the dollars that what is spent and held was below the bill."""

    books: Books | None = None
    gaps: list[float] = field(default_factory=list)
    at: int = 0  # the request before which `reached` is set
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    dice: random.Random = field(default_factory=random.Random)

    def begin(self, seed: int, books: Books, *, at: int = 0) -> None:
        self.dice, self.books, self.at = random.Random(seed), books, at
        self.bill, self.cache, self.requests = Bill(self.tariff), PromptCache(), []
        self.gaps, self.reached = [], asyncio.Event()
        self.faults = [_fault(self.dice) if self.dice.random() < 0.6 else None for _ in range(FAULTS)]

    down: bool = False

    def work(
        self, asked: Json, fault: Fault | None = None, share: float = 1.0
    ) -> "tuple[Json, Broken | None] | Refused | Ended":
        worked = Refused(503) if self.down else super().work(asked, fault, share)
        if isinstance(worked, tuple) and self.dice.random() < 0.1:
            worked[0]["usage"] |= {"input_tokens": 0, "output_tokens": 0}  # the customer does not learn what it was
        if len(self.requests) == self.at:
            self.reached.set()
        assert self.books is not None
        account = self.books.ledger._run()
        self.gaps.append(self.bill.dollars - account.spent.dollars - account.held.dollars)
        return worked


def _fault(dice: random.Random) -> Fault:
    often = [("429", 20), ("529", 10), ("500", 10), ("cut", 20), ("error", 10), ("garbage", 20), ("stall", 2)]
    (how,) = dice.choices([what for what, _ in often], [weight for _, weight in often])
    if how.isdigit():
        return Refused(int(how), headers={"retry-after-ms": "2"} if dice.random() < 0.5 else {})
    return Broken(how, events=dice.randrange(8))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[Server]:
    async with Server() as started:
        started.answer = lambda asked: "x" * started.dice.choice([4_000, 40_000])
        yield started


@pytest.fixture(scope="module")
async def claude(server: Server) -> AsyncIterator[Claude]:
    model = Claude("anthropic:claude-opus-4-5", "claude-opus-4-5", KEY, server.url)
    yield model
    await model.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as found:
        yield found


async def spend(caller: Caller, desk: Desk, seed: int) -> None:
    """One attempt that asks on and on, for one reply or several, until there is no money left."""
    dice, number = random.Random(seed), 0
    for _ in range(ROUNDS):
        n, tokens = dice.choice([1, 1, 2, 3]), dice.choice([2_000, 5_000, 8_000])
        limits, messages = Limits(max_tokens=tokens, seconds=SECONDS), [Message.of(Role.USER, QUESTION)]
        try:
            await caller.ask(desk, number, messages, n=n, limits=limits, prompt="whole 1")
        except AgentUnavailable:
            pass
        except BudgetSpent:
            return
        number += n
    raise AssertionError("the money is never spent")


async def spend_all(claude: Claude, desks: list[Desk], seed: int, price: Price = PRICE) -> None:
    caller = Caller(claude, Endpoint(start=4), price, wait=lambda call: 0.0)
    async with asyncio.TaskGroup() as group:
        for place, desk in enumerate(desks):
            group.create_task(spend(caller, desk, 10 * seed + place))


async def stopped(server: Server, spending: asyncio.Task[None]) -> None:
    """The run is cancelled when the server has seen so many requests, unless the money is spent before."""
    reached = asyncio.create_task(server.reached.wait())
    await asyncio.wait([reached, spending], return_when=asyncio.FIRST_COMPLETED)
    reached.cancel()
    spending.cancel()
    with suppress(asyncio.CancelledError):
        await spending


@pytest.mark.parametrize("tens", range(10))
async def test_no_schedule_of_faults_makes_a_run_of_fifty_cents_cost_more(
    tens: int, server: Server, claude: Claude, folder: Path
) -> None:
    """Every second run is stopped on its way, and goes on from its journal."""
    answers = 0
    for seed in range(10 * tens, 10 * tens + 10):
        (home := folder / str(seed)).mkdir()
        with Books(home, limits={"dollars": LIMIT}) as books:
            server.begin(seed, books, at=random.Random(seed).randrange(1, 10) if seed % 2 else 0)
            desks = [books.desk() for _ in range(ATTEMPTS)]
            spending = asyncio.create_task(spend_all(claude, desks, seed))
            await (stopped(server, spending) if server.at else spending)
        with Books(home, limits={"dollars": LIMIT}) as books:
            server.books = books
            await spend_all(claude, [books.desk(desk.number) for desk in desks], seed)
            assert max(server.gaps) <= TINY, seed
            assert server.bill.dollars - TINY <= books.spent.dollars <= LIMIT, seed
            answers += server.bill.calls
    assert answers > 25


async def test_after_a_kill_the_calls_that_were_in_flight_are_charged_and_the_limit_holds(
    server: Server, claude: Claude, folder: Path
) -> None:
    for seed in range(100, 110):
        (home := folder / str(seed)).mkdir()
        with Books(home, limits={"dollars": LIMIT}) as books:
            server.begin(seed, books, at=random.Random(seed).randrange(1, 10))
            desks = [books.desk() for _ in range(ATTEMPTS)]
            spending = asyncio.create_task(spend_all(claude, desks, seed))
            await asyncio.wait(
                [spending, reached := asyncio.create_task(server.reached.wait())], return_when="FIRST_COMPLETED"
            )
            reached.cancel()
            left = as_a_kill_leaves_it(home)
            server.down = True  # a process that was killed sends nothing more
            await stopped(server, spending)
            server.down = False
        with Books(left, limits={"dollars": LIMIT}) as books:
            server.books = books
            await spend_all(claude, [books.desk(desk.number) for desk in desks], seed)
            assert books.spent.dollars <= LIMIT
            assert server.bill.dollars <= books.spent.dollars + TINY


def as_a_kill_leaves_it(home: Path) -> Path:
    """A copy of the journal as it is on the disk now, whose owner is gone."""
    copy = shutil.copytree(home, home.with_name(f"{home.name}-killed"), ignore=shutil.ignore_patterns("*-shm"))
    with sqlite3.connect(copy / "journal.sqlite") as connection:
        connection.execute("UPDATE lease SET pid = 0, host = '', started = 0, beat = 0")
    connection.close()
    return copy


async def test_the_test_would_notice_a_price_that_is_too_low(server: Server, claude: Claude, folder: Path) -> None:
    with Books(folder, limits={"dollars": LIMIT}) as books:
        server.begin(0, books)
        await spend_all(claude, [books.desk() for _ in range(ATTEMPTS)], 0, Price(input=1, output=5))
        assert max(server.gaps) > TINY
        assert server.bill.dollars > LIMIT > books.spent.dollars
