"""The ledger: no limit is ever exceeded, whatever order things happen in; and who keeps failing is left alone."""

import asyncio
import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from prover.config import Config
from prover.errors import AgentMisconfigured, BudgetSpent
from prover.journal import Event, What
from prover.ledger import Hold, Ledger
from prover.model import Budget, Call, Declaration, Fault, Kind, Position, Slot, Spent, Task, Usage
from prover.state import State, fold

NAMES, AGENTS = ("a", "b"), ("claude", "local")


class Books:
    """A ledger whose charges are folded into the state it reads, as the coordinator has it; `now` is the time."""

    def __init__(self, **settings: object) -> None:
        self.now, self.state = 1000.0, State(last=1000.0)
        self.events: list[Event] = []
        self.said: list[str] = []
        self.ledger = Ledger(self.state, Config.model_validate(settings), self.together, clock=lambda: self.now)

    def together(self, steps: Sequence[tuple[What, Mapping[str, Any]]], said: str = "") -> None:
        self.said += [said] if said else []
        for what, data in steps:
            self.events.append(Event(len(self.events), self.now, what, json.loads(json.dumps(data))))
            fold(self.events[-1:], self.state)

    def record(self, what: What, **data: object) -> None:
        self.together([(what, data)])

    def assign(self, declaration: str, agent: str = "claude") -> int:
        number = self.state.attempts + 1
        self.record(What.ASSIGNED, attempt=number, declaration=declaration, agent=agent, base="", knew=[])
        return number

    def end(self, number: int, seconds: float = 1.0, fault: str = "") -> None:
        flight = self.state.flights[number]
        about = {"attempt": number, "declaration": flight.declaration, "agent": flight.agent}
        self.record(What.NOTHING, **about, seconds=seconds, why="nothing found", fault=fault)

    def attempt(self, declaration: str, agent: str = "claude", fault: str = "") -> None:
        self.end(self.assign(declaration, agent), fault=fault)

    def hold(self, dollars: float, declaration: str = "a", agent: str = "claude") -> Hold:
        return self.ledger.reserve(1, declaration, agent, Call(0, "x", 0, dollars))

    def task(self, name: str, agent: str = "claude") -> Task:
        number = self.assign(name, agent)
        declaration = Declaration(name, "M", Kind.THEOREM, "", frozenset(), frozenset(), True, Position(0, 0))
        slot = Slot("", 0, 0, (0, 0), (0, 0), 0, (0, 0))
        return Task(declaration, "abc", slot, "", (), (), agent, Budget(9.0, 9), number)


# What is held and what is charged


def test_a_call_that_no_limit_leaves_room_for_is_refused_before_it_is_made() -> None:
    books = Books(limits={"dollars": 1.0})
    books.hold(0.75)
    with pytest.raises(BudgetSpent, match=r"limit of 1 dollars for the run does not leave the 0\.5 of one more call"):
        books.hold(0.5, "b", "local")
    assert books.hold(0.25, "b", "local").most.dollars == 0.25


def test_who_is_refused_learns_whether_there_may_be_enough_when_others_have_paid() -> None:
    books = Books(limits={"dollars": 1.0}, declaration_limits={"dollars": 0.75})
    held = books.hold(0.5)
    for dollars, declaration, later in [(0.75, "b", True), (0.5, "a", True), (0.8, "b", False), (1.5, "b", False)]:
        with pytest.raises(BudgetSpent) as caught:
            books.hold(dollars, declaration)
        assert caught.value.later is later
    books.ledger.settle(held, 1.0)  # charged in full, since nobody knows
    with pytest.raises(BudgetSpent) as caught:
        books.hold(0.6, "b")
    assert not caught.value.later


@pytest.mark.parametrize(
    ("settings", "owner"),
    [
        ({"limits": {"tokens": 100}}, "the run"),
        ({"declaration_limits": {"tokens": 100}}, "a"),
        ({"agent_limits": {"claude": {"tokens": 100}}}, "the agent claude"),
    ],
)
def test_each_of_the_three_accounts_can_refuse(settings: dict[str, object], owner: str) -> None:
    books = Books(**settings)
    with pytest.raises(BudgetSpent, match=f"the limit of 100 tokens for {owner} does"):
        books.ledger.reserve(1, "a", "claude", Call(0, "x", 101, 0.0))
    assert books.ledger.reserve(1, "a", "claude", Call(0, "x", 100, 0.0)).most.tokens == 100


def test_what_a_call_did_not_cost_is_given_back() -> None:
    books = Books(limits={"dollars": 1.0})
    with books.ledger.purse(books.task("a")).paying(Call(3, "claude-x", 500, 1.0, "refiner-2")) as bill:
        bill.usage, bill.dollars = Usage(input=5, output=4, cache_read=9, cache_write=2), 0.25
    used = Usage(input=5, output=4, cache_read=9, cache_write=2)
    assert books.state.spent == Spent(attempts=1, tokens=20, dollars=0.25, calls=1, usage=used)
    charged = dict(books.events[-1].data)
    assert 0 <= charged.pop("seconds") < 60
    assert charged == {
        "attempt": 1,
        "declaration": "a",
        "agent": "claude",
        "number": 3,
        "model": "claude-x",
        "prompt": "refiner-2",
        "tokens": 20,
        "dollars": 0.25,
        "usage": {"input": 5, "output": 4, "cache_read": 9, "cache_write": 2},
    }
    assert books.hold(0.75).most.dollars == 0.75


def test_a_call_that_says_nothing_of_its_cost_is_charged_all_that_was_held() -> None:
    books = Books()
    with books.ledger.purse(books.task("a")).paying(Call(0, "x", 500, 1.0)):
        pass
    assert books.state.spent == Spent(attempts=1, tokens=500, dollars=1.0, calls=1)
    assert books.events[-1].data["usage"] is None


async def test_a_call_that_fails_or_is_cancelled_is_charged_in_full() -> None:
    books = Books()

    async def call(error: Exception | None) -> None:
        with books.ledger.purse(books.task("a")).paying(Call(0, "x", 10, 0.5)):
            if error:
                raise error
            await asyncio.Event().wait()

    with pytest.raises(ConnectionError):
        await call(ConnectionError())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await call(None)
    assert (books.state.spent_on["a"].dollars, books.state.spent_by["claude"].tokens) == (1.0, 20)


def test_a_call_that_fails_after_its_bill_is_charged_the_bill() -> None:
    books = Books()

    def call() -> None:
        with books.ledger.purse(books.task("a")).paying(Call(0, "x", 10, 0.5)) as bill:
            bill.usage, bill.dollars = Usage(output=4), 0.125
            raise ValueError("no JSON")

    with pytest.raises(ValueError, match="no JSON"):
        call()
    assert books.state.spent == Spent(attempts=1, tokens=4, dollars=0.125, calls=1, usage=Usage(output=4))


@pytest.mark.parametrize("nonsense", [-1.0, math.nan, math.inf, "free", None])
def test_a_bill_that_is_no_amount_is_charged_in_full(nonsense: float) -> None:
    books = Books()
    with books.ledger.purse(books.task("a")).paying(Call(0, "x", 10, 0.5)) as bill:
        bill.usage, bill.dollars = Usage(output=3), nonsense
    assert books.state.spent == Spent(attempts=1, tokens=3, dollars=0.5, calls=1, usage=Usage(output=3))


@pytest.mark.parametrize("nonsense", [-1, math.nan, math.inf, "many", None])
def test_a_usage_that_is_none_is_charged_in_full_and_is_not_known(nonsense: int) -> None:
    books = Books()
    with books.ledger.purse(books.task("a")).paying(Call(0, "x", 10, 0.5)) as bill:
        bill.usage, bill.dollars = Usage(output=2, cache_read=nonsense), 0.25
    assert books.state.spent == Spent(attempts=1, tokens=10, dollars=0.25, calls=1)


@pytest.mark.parametrize("nonsense", [-1.0, math.nan, math.inf])
def test_nothing_can_be_reserved_that_is_no_amount(nonsense: float) -> None:
    with pytest.raises(ValueError, match="no call costs"):
        Books().hold(nonsense)


def test_a_call_that_cost_more_than_it_said_is_charged_that_and_the_next_one_is_refused() -> None:
    books = Books(limits={"dollars": 1.0})
    with books.ledger.purse(books.task("a")).paying(Call(0, "x", 0, 0.5)) as bill:
        bill.dollars = 1.5
    assert books.state.spent.dollars == 1.5
    assert books.ledger.exhausted() == "the limit of 1 dollars for the run is reached"
    with pytest.raises(BudgetSpent):
        books.hold(0.01)


def test_the_holds_of_days_leave_no_dust() -> None:
    """0.1 + 0.2 - 0.1 - 0.2 is not nothing in floating point."""
    books = Books(limits={"dollars": 0.4})
    for _ in range(100):
        one, two = books.hold(0.1), books.hold(0.2)
        for hold in (one, two):
            hold.usage, hold.dollars = Usage(), 0.0
            books.ledger.settle(hold, 0.0)
    assert books.hold(0.4).most.dollars == 0.4


async def test_512_attempts_at_once_spend_no_cent_too_much() -> None:
    books = Books(limits={"dollars": 4.0}, declaration_limits={"tokens": 6400, "attempts": 9999})
    under_way, most, refused = 0.0, 0.0, 0

    async def attempt(number: int) -> None:
        nonlocal under_way, most, refused
        purse = books.ledger.purse(books.task(f"d{number % 8}"))
        for dollars in (1 / 32, 1 / 64, 1 / 128):
            try:
                with purse.paying(Call(0, "x", 100, dollars)) as bill:
                    under_way += dollars
                    most = max(most, under_way + books.state.spent.dollars)
                    await asyncio.sleep(0)
                    under_way -= dollars
                    if number % 3:
                        bill.usage, bill.dollars = Usage(output=50), dollars / 2
            except BudgetSpent:
                refused += 1

    async with asyncio.TaskGroup() as group:
        for number in range(512):
            group.create_task(attempt(number))
    assert refused > 0
    assert 3.5 < books.state.spent.dollars <= most <= 4.0
    assert all(spent.tokens <= 6400 for spent in books.state.spent_on.values())


# What nobody knows the price of


@pytest.mark.parametrize(
    "settings",
    [
        {"limits": {"dollars": 1}},
        {"declaration_limits": {"dollars": 1}},
        {"agent_limits": {"claude": {"dollars": 1}}},
    ],
    ids=str,
)
def test_a_call_of_unknown_price_is_not_made_where_money_is_limited(settings: dict[str, object]) -> None:
    books = Books(**settings)
    with pytest.raises(AgentMisconfigured, match="the price of vllm:x is not known") as caught:
        books.ledger.reserve(1, "a", "claude", Call(0, "vllm:x", 100, None))
    assert 'prices."vllm:x" = { input = 0, output = 0 }' in caught.value.remedy
    assert books.events == []


def test_a_call_of_unknown_price_counts_in_tokens_and_not_as_free() -> None:
    books = Books(limits={"tokens": 150}, agent_limits={"other": {"dollars": 1}})
    with books.ledger.purse(books.task("a")).paying(Call(0, "vllm:x", 100, None)) as bill:
        bill.usage = Usage(input=60, output=20)
    used = Usage(input=60, output=20)
    assert books.state.spent == Spent(attempts=1, tokens=80, calls=1, unpriced=80, usage=used)
    assert books.events[-1].data["dollars"] is None
    with pytest.raises(BudgetSpent):
        books.ledger.reserve(1, "a", "claude", Call(1, "vllm:x", 100, None))


def test_a_price_that_only_the_server_knows_is_charged() -> None:
    books = Books()
    with books.ledger.purse(books.task("a")).paying(Call(0, "x", 100, None)) as bill:
        bill.usage, bill.dollars = Usage(input=8), 0.125
    assert (books.state.spent.dollars, books.state.spent.unpriced) == (0.125, 0)


# What was said


def test_what_was_said_is_written_with_its_charge_and_found_by_who_begins_anew() -> None:
    books = Books()
    purse = books.ledger.purse(books.task("a"), {0: "said before the run was killed"})
    assert (purse.said(0), purse.said(1)) == ("said before the run was killed", None)
    with purse.paying(Call(1, "x", 100, 0.5)) as bill:
        bill.usage, bill.dollars, bill.said = Usage(input=8), 0.125, "an answer"
        assert purse.said(1) is None
    assert purse.said(1) == "an answer"
    assert books.said == ["an answer"]


def test_a_call_that_brought_no_answer_is_paid_for_and_asked_again() -> None:
    books = Books()
    purse = books.ledger.purse(books.task("a"))
    with pytest.raises(ConnectionError), purse.paying(Call(0, "x", 100, 0.5)):
        raise ConnectionError
    assert (purse.said(0), books.said) == (None, [])
    assert books.state.spent.dollars == 0.5


def test_what_one_attempt_has_heard_another_has_not() -> None:
    books = Books()
    one, other = books.ledger.purse(books.task("a")), books.ledger.purse(books.task("a"))
    with one.paying(Call(0, "x", 1, 0.0)) as bill:
        bill.said = "an answer"
    assert (one.said(0), other.said(0)) == ("an answer", None)


# Whether an attempt may begin


def test_without_limits_everything_may_begin() -> None:
    books = Books()
    assert (books.ledger.allows("a", "claude"), books.ledger.exhausted(), books.ledger.seconds_left()) == ("", "", None)


@pytest.mark.parametrize(
    ("settings", "why", "others"),
    [
        ({"limits": {"attempts": 2}}, "the limit of 2 attempts for the run is reached", False),
        ({"declaration_limits": {"attempts": 2}}, "the limit of 2 attempts for a is reached", True),
        ({"agent_limits": {"claude": {"seconds": 2}}}, "the limit of 2 seconds for the agent claude is reached", True),
    ],
)
def test_a_limit_that_is_reached_is_named_and_leaves_the_others_alone(
    settings: dict[str, object], why: str, others: bool
) -> None:
    books = Books(**settings)
    books.attempt("a")
    assert books.ledger.allows("a", "claude") == ""
    books.attempt("a")
    assert books.ledger.allows("a", "claude") == why
    assert (books.ledger.allows("b", "local") == "") is others
    assert (books.ledger.exhausted() == "") is others


def test_what_is_held_lets_nothing_begin_until_it_is_given_back() -> None:
    books = Books(limits={"dollars": 1.0})
    hold = books.hold(1.0)
    held = "what is left of the limit of 1 dollars for the run is held for what is under way"
    assert books.ledger.allows("b", "local") == books.ledger.exhausted() == held
    hold.usage, hold.dollars = Usage(), 0.5
    books.ledger.settle(hold, 0.0)
    assert books.ledger.allows("b", "local") == books.ledger.exhausted() == ""


def test_an_agent_whose_call_was_refused_begins_nothing_before_as_much_is_left_and_others_do() -> None:
    books = Books(limits={"dollars": 1.0})
    hold = books.hold(0.75)
    with pytest.raises(BudgetSpent):
        books.hold(0.5)
    assert "does not leave the 0.5 of one more call" in books.ledger.allows("b", "claude")
    assert books.ledger.allows("b", "local") == ""
    hold.usage, hold.dollars = Usage(), 0.25
    books.ledger.settle(hold, 0.0)
    assert books.ledger.allows("b", "claude") == ""


def test_the_seconds_of_a_run_are_its_own_also_when_many_attempts_are_side_by_side() -> None:
    books = Books(limits={"seconds": 100})
    for name in NAMES:
        books.end(books.assign(name), seconds=90.0)
    assert books.ledger.seconds_left() == 100
    books.now += 60
    assert books.ledger.seconds_left() == 40
    assert books.ledger.attempt_budget("a", "claude").seconds == 40
    books.now += 50
    assert books.ledger.seconds_left() == 0
    assert books.ledger.exhausted() == "the limit of 100 seconds for the run is reached"


def test_time_in_which_nobody_works_on_the_run_does_not_count() -> None:
    books = Books(limits={"seconds": 100})
    books.now += 30
    books.attempt("a")
    books.now += 10_000
    books.record(What.RESUMED, tip="abc", continued=[])
    assert books.ledger.seconds_left() == 70


def test_an_attempt_gets_no_more_seconds_than_its_declaration_and_agent_have_left() -> None:
    books = Books(attempt_seconds=45, declaration_limits={"seconds": 60}, agent_limits={"claude": {"seconds": 100}})
    assert books.ledger.attempt_budget("a", "claude") == Budget(45.0, 40)
    first = books.assign("a")
    assert books.ledger.attempt_budget("a", "local").seconds == 15
    books.end(first, seconds=20.0)
    assert books.ledger.attempt_budget("a", "claude").seconds == 40
    books.end(books.assign("b"), seconds=45.0)
    assert books.ledger.attempt_budget("a", "claude").seconds == 35


def test_what_another_agent_is_at_takes_nothing_from_an_agents_seconds() -> None:
    books = Books(attempt_seconds=45, agent_limits={"claude": {"seconds": 60}})
    books.assign("b", "local")
    assert books.ledger.attempt_budget("a", "claude").seconds == 45
    books.assign("b", "claude")
    assert books.ledger.attempt_budget("a", "claude").seconds == 15


def test_what_the_judge_needs_is_nobodys_budget() -> None:
    books = Books(attempt_seconds=45, declaration_limits={"seconds": 60})
    number = books.assign("a")
    made = {"body": ":= rfl", "helpers": "", "splits": False, "history": []}
    books.record(What.PROPOSED, attempt=number, declaration="a", agent="claude", seconds=10.0, **made)
    assert books.ledger.attempt_budget("a", "local").seconds == 45


# The circuit breaker


def test_three_configuration_faults_in_a_row_end_it_for_an_agent_and_for_no_other() -> None:
    books = Books()
    for _ in range(3):
        assert books.ledger.allows("b", "claude") == ""
        books.attempt("a", fault=Fault.CONFIGURATION)
    assert books.ledger.allows("b", "claude") == (
        "claude was not configured in 3 attempts in a row; see `prover status`"
    )
    assert books.ledger.allows("a", "local") == ""
    books.record(What.RESUMED, tip="abc", continued=[])
    assert books.ledger.allows("b", "claude") == ""


def test_five_faults_of_any_kind_in_a_row_end_it_for_an_agent() -> None:
    books = Books()
    for fault in (Fault.CONFIGURATION, Fault.BUG, Fault.TRANSIENT, Fault.CONFIGURATION):
        books.attempt("a", fault=fault)
    assert books.ledger.broken("claude") == ""
    books.attempt("b", fault=Fault.BUG)
    assert books.ledger.broken("claude") == "claude failed in 5 attempts in a row; see `prover status`"


def test_an_honest_answer_closes_the_row_of_faults() -> None:
    books = Books()
    for fault in [Fault.CONFIGURATION, Fault.CONFIGURATION, "", Fault.CONFIGURATION, Fault.CONFIGURATION]:
        books.attempt("a", fault=fault)
    assert books.ledger.broken("claude") == ""


def test_what_a_limit_has_ended_is_not_the_agents_failure() -> None:
    books = Books()
    for _ in range(9):
        books.attempt("a", fault=Fault.LIMIT)
    assert books.ledger.broken("claude") == ""


@pytest.mark.parametrize(
    ("fault", "most"), [(Fault.CONFIGURATION, 3), (Fault.BUG, 5), (Fault.TRANSIENT, 5), (Fault.LIMIT, 64), ("", 64)]
)
def test_nobody_is_launched_at_one_lemma_for_ever(fault: str, most: int) -> None:
    books, launched = Books(), 0
    while not books.ledger.allows("a", "claude"):
        books.attempt("a", fault=fault)
        launched += 1
    assert launched == most


def test_a_refused_call_is_not_asked_for_again_and_again() -> None:
    """The rest of a limit, too small for one more call, is not what a run ends with in a loop."""
    books, launched = Books(limits={"dollars": 1.0}), 0
    while not books.ledger.allows(f"d{launched}", "claude"):
        task, fault = books.task(f"d{launched}"), ""
        try:
            with books.ledger.purse(task).paying(Call(0, "x", 0, 0.375)):
                pass
        except BudgetSpent:
            fault = Fault.LIMIT
        books.end(task.number, fault=fault)
        launched += 1
    assert launched == 3


# Any order of events

Whose = Callable[[str, str], bool]  # which declarations and agents an account pays for


def limits() -> st.SearchStrategy[dict[str, int]]:
    bounds = {"attempts": 12, "seconds": 60, "tokens": 2000, "dollars": 10}
    return st.fixed_dictionaries({}, optional={unit: st.integers(1, bound) for unit, bound in bounds.items()})


class AnyOrder(RuleBasedStateMachine):
    """Attempts begin, pay and end in any order; beside the ledger stands a model that counts for itself.

    All amounts are multiples of 1/32, whose sums are exact in floating point, and so are the comparisons below.
    """

    attempts: Bundle[int] = Bundle("attempts")
    holds: Bundle[Hold] = Bundle("holds")

    @initialize(run=limits(), declaration=limits(), agent=limits())
    def start(self, run: dict[str, int], declaration: dict[str, int], agent: dict[str, int]) -> None:
        given = {"limits": run, "declaration_limits": declaration, "agent_limits": {"claude": agent}}
        self.books = Books(attempt_seconds=8.0, **given)
        self.accounts: list[tuple[dict[str, int], Whose]] = [
            ({unit: limit for unit, limit in run.items() if unit != "seconds"}, lambda name, agent: True),
            *(({"attempts": 64, **declaration}, lambda name, agent, own=own: name == own) for own in NAMES),
            (agent, lambda name, agent: agent == "claude"),
        ]
        self.spent: list[tuple[str, str, Spent]] = []
        self.granted: dict[int, tuple[str, str, Spent]] = {}  # by attempt
        self.held: dict[Hold, tuple[str, str, Spent]] = {}

    def exceeded(self, *more: tuple[str, str, Spent]) -> bool:
        """Whether any account would pay, hold and grant more than its limits allow."""
        entries = (*self.spent, *self.granted.values(), *self.held.values(), *more)
        totals = (
            (limits, sum((cost for name, agent, cost in entries if whose(name, agent)), Spent()))
            for limits, whose in self.accounts
        )
        return any(getattr(total, unit) > limit for limits, total in totals for unit, limit in limits.items())

    @rule(target=attempts, name=st.sampled_from(NAMES), agent=st.sampled_from(AGENTS))
    def begin(self, name: str, agent: str) -> MultipleResults[int] | int:
        if self.books.ledger.allows(name, agent):
            return multiple()
        granted = Spent(seconds=self.books.ledger.attempt_budget(name, agent).seconds)
        assert granted.seconds > 0
        number = self.books.assign(name, agent)
        self.spent.append((name, agent, Spent(attempts=1)))
        self.granted[number] = (name, agent, granted)
        return number

    @rule(
        target=holds,
        attempt=attempts,
        tokens=st.integers(0, 400),
        parts=st.none() | st.integers(0, 64),
    )
    def pay(self, attempt: int, tokens: int, parts: int | None) -> MultipleResults[Hold] | Hold:
        name, agent, _ = self.granted[attempt]
        dollars = None if parts is None else parts / 32
        call = (name, agent, Spent(tokens=tokens, dollars=dollars or 0.0))
        try:
            hold = self.books.ledger.reserve(attempt, name, agent, Call(0, "x", tokens, dollars))
        except BudgetSpent:
            assert self.exceeded(call)
            return multiple()
        except AgentMisconfigured:
            assert dollars is None
            assert any("dollars" in limits for limits, whose in self.accounts if whose(name, agent))
            return multiple()
        self.held[hold] = call
        return hold

    @rule(hold=consumes(holds), known=st.booleans(), share=st.sampled_from([0.0, 0.5, 1.0]))
    def settle(self, hold: Hold, known: bool, share: float) -> None:
        name, agent, most = self.held.pop(hold)
        tokens, priced = most.tokens, hold.call.dollars is not None
        if known:
            tokens = int(most.tokens * share)
            hold.usage = Usage(input=tokens // 2, output=tokens - tokens // 2)
            hold.dollars = most.dollars * share if priced else None
        self.books.ledger.settle(hold, 0.0)
        paid = (hold.dollars or 0.0) if known else most.dollars
        unpriced = 0 if priced else tokens
        self.spent.append((name, agent, Spent(0, 0.0, tokens, paid, 1, unpriced, hold.usage or Usage())))

    @rule(attempt=consumes(attempts), share=st.sampled_from([0.0, 0.5, 1.0]), fault=st.sampled_from(["", *Fault]))
    def end(self, attempt: int, share: float, fault: str) -> None:
        name, agent, granted = self.granted.pop(attempt)
        self.books.end(attempt, granted.seconds * share, fault)
        self.spent.append((name, agent, Spent(seconds=granted.seconds * share)))

    @rule(seconds=st.integers(1, 20))
    def wait(self, seconds: int) -> None:
        self.books.now += seconds

    @invariant()
    def no_limit_is_exceeded(self) -> None:
        assert not self.exceeded()

    @invariant()
    def what_is_spent_is_what_was_recorded(self) -> None:
        assert self.books.state.spent == sum((cost for _, _, cost in self.spent), Spent())
        paid = [event.data["dollars"] or 0.0 for event in self.books.events if event.what is What.SPENT]
        assert self.books.state.spent.dollars == sum(paid)


AnyOrder.TestCase.settings = settings(max_examples=120, stateful_step_count=40)
TestAnyOrder = AnyOrder.TestCase
