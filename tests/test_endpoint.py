"""The turns at one server: in order, as many at once as it bears, and none while it asks for patience."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from agents.models.endpoint import Endpoint
from prover.errors import AgentError, AgentMisconfigured, AgentRefused, AgentUnavailable, BudgetSpent
from tests.hurried import HurriedLoop, hurried

OVERLOADED = AgentUnavailable("429: slow down", free=True)
NO_KEY = AgentMisconfigured("401: no such key", "check ANTHROPIC_API_KEY")


class Request:
    """One request under way or waiting for its turn; `end` lets it be answered, or fail."""

    def __init__(self, endpoint: Endpoint, model: str = "m") -> None:
        self.sent = False
        self._endpoint, self._model = endpoint, model
        self._answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.task = asyncio.create_task(self._ask())

    async def _ask(self) -> str:
        try:
            async with self._endpoint.turn(self._model):
                self.sent = True
                with self._endpoint.sending(self._model):
                    await self._answer
        except AgentError as error:
            return type(error).__name__
        return "answered"

    async def end(self, error: Exception | None = None) -> None:
        if error is None:
            self._answer.set_result(None)
        else:
            self._answer.set_exception(error)
        await settled()


async def settled() -> None:
    """Everybody has gone as far as he can without time passing."""
    for _ in range(6):
        await asyncio.sleep(0)


async def sending(endpoint: Endpoint, count: int) -> list[Request]:
    requests = [Request(endpoint) for _ in range(count)]
    await settled()
    return requests


def in_no_time(test: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    """Runs a test in a loop of its own, in which nobody waits."""

    def run() -> None:
        async def awaited() -> None:
            await test()

        hurried(awaited())

    run.__name__ = test.__name__
    return run


@in_no_time
async def test_turns_are_given_in_the_order_in_which_they_were_asked_for() -> None:
    requests = await sending(Endpoint(start=2), 5)
    assert [request.sent for request in requests] == [True, True, False, False, False]
    await requests[1].end()
    assert [request.sent for request in requests] == [True, True, True, False, False]


@in_no_time
async def test_a_windowful_of_answers_makes_room_for_one_more() -> None:
    endpoint = Endpoint(start=4)
    requests = await sending(endpoint, 12)
    for request in requests[:5]:
        await request.end()
    assert int(endpoint.window) == 5
    assert sum(request.sent for request in requests) == 10


@in_no_time
async def test_a_window_that_nobody_uses_does_not_grow() -> None:
    endpoint = Endpoint(start=4)
    for _ in range(20):
        (request,) = await sending(endpoint, 1)
        await request.end()
    assert endpoint.window == 4


@in_no_time
async def test_the_window_has_an_upper_bound() -> None:
    endpoint = Endpoint(start=1, most=2)
    for request in await sending(endpoint, 20):
        await request.end()
    assert endpoint.window == 2


@in_no_time
async def test_an_overloaded_server_gets_half_as_many_at_once_and_at_least_one() -> None:
    endpoint, windows = Endpoint(start=5), []
    for _ in range(4):
        (request,) = await sending(endpoint, 1)
        await request.end(OVERLOADED)
        windows.append(endpoint.window)
    assert windows == [2.5, 1.25, 1.0, 1.0]


@in_no_time
async def test_eight_refusals_of_what_was_sent_together_halve_the_window_once() -> None:
    endpoint = Endpoint(start=8)
    for request in await sending(endpoint, 8):
        await request.end(OVERLOADED)
    assert endpoint.window == 4


@in_no_time
async def test_a_pause_that_the_server_asks_for_is_for_everybody() -> None:
    endpoint = Endpoint(start=4)
    (first,) = await sending(endpoint, 1)
    await first.end(AgentUnavailable("429", after=30.0, free=True))
    others = await sending(endpoint, 2)
    await asyncio.sleep(29.9)
    assert [request.sent for request in others] == [False, False]
    await asyncio.sleep(0.2)
    assert [request.sent for request in others] == [True, True]


@in_no_time
async def test_a_longer_pause_goes_over_a_shorter_one() -> None:
    endpoint = Endpoint(start=2)
    first, second, third = await sending(endpoint, 3)
    await first.end(AgentUnavailable("429", after=10.0))
    await second.end(AgentUnavailable("429", after=20.0))
    await asyncio.sleep(19.9)
    assert not third.sent
    await asyncio.sleep(0.2)
    assert third.sent


@in_no_time
async def test_nobody_waits_for_a_server_that_asks_for_more_than_our_patience() -> None:
    endpoint = Endpoint(start=1, patience=60.0)
    first, second = await sending(endpoint, 2)
    await first.end(AgentUnavailable("429", after=3600.0))
    assert (await second.task, second.sent) == ("AgentUnavailable", False)
    with pytest.raises(AgentUnavailable, match="asks to be left alone for 3600 s") as raised:
        async with endpoint.turn("m"):
            pytest.fail("it was sent")
    assert raised.value.free


@in_no_time
async def test_without_a_key_further_requests_fail_at_once_and_are_not_sent() -> None:
    endpoint = Endpoint(start=1)
    first, second = await sending(endpoint, 2)
    await first.end(NO_KEY)
    third = Request(endpoint)
    await settled()
    assert (await second.task, second.sent) == ("AgentMisconfigured", False)
    assert (await third.task, third.sent) == ("AgentMisconfigured", False)
    with pytest.raises(AgentMisconfigured, match="401") as raised:
        async with endpoint.turn("m"):
            pytest.fail("it was sent")
    assert raised.value.remedy == NO_KEY.remedy


@in_no_time
async def test_a_model_that_is_not_known_says_nothing_of_the_server_s_other_models() -> None:
    endpoint = Endpoint()
    (first,) = await sending(endpoint, 1)
    await first.end(NO_KEY)
    other = Request(endpoint, "another model")
    await settled()
    assert other.sent
    await other.end()


@pytest.mark.parametrize("error", [BudgetSpent("no money"), AgentRefused("too long"), ValueError("a bug")])
def test_what_is_not_the_server_s_fault_changes_nothing(error: Exception) -> None:
    async def send(endpoint: Endpoint) -> None:
        async with endpoint.turn("m"):
            with endpoint.sending("m"):
                raise error

    async def test() -> None:
        endpoint = Endpoint(start=4)
        with pytest.raises(type(error)):
            await send(endpoint)
        assert (endpoint.window, endpoint.under_way) == (4.0, 0)

    hurried(test())


@in_no_time
async def test_who_is_cancelled_in_the_moment_of_his_turn_hands_it_on() -> None:
    endpoint = Endpoint(start=1)
    first, second, third = await sending(endpoint, 3)
    first._answer.set_result(None)
    await asyncio.sleep(0)
    assert not second.sent  # it has its turn, and does not know it yet
    second.task.cancel()
    await settled()
    assert (second.sent, third.sent, endpoint.under_way) == (False, True, 1)


class Turns(RuleBasedStateMachine):
    """Whatever happens in whatever order: no turn is lost, none is given out of order, and none during a pause."""

    @initialize(start=st.integers(1, 5))
    def begin(self, start: int) -> None:
        self.runner = asyncio.Runner(loop_factory=HurriedLoop)
        self.endpoint = Endpoint(start=start, most=6, patience=100.0)
        self.waiting: list[Request] = []
        self.sent: list[Request] = []
        self.pause = 0.0
        self.broken = False

    def act(self, work: Callable[[], Awaitable[object]]) -> None:
        """Afterwards those that wait and those that are sent are sorted out."""

        async def acted() -> None:
            await work()
            await settled()

        self.runner.run(acted())
        sent = [request for request in self.waiting if request.sent]
        assert sent == self.waiting[: len(sent)]
        assert not sent or self.now() >= self.pause
        self.waiting = [request for request in self.waiting[len(sent) :] if not request.task.done()]
        self.sent += sent

    def now(self) -> float:
        return self.runner.get_loop().time()

    @rule()
    def ask(self) -> None:
        async def work() -> None:
            self.waiting.append(Request(self.endpoint))

        self.act(work)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), after=st.sampled_from([0.0, 0.0, 7.0, 50.0, 500.0]))
    def end(self, data: st.DataObject, after: float) -> None:
        request = self.sent.pop(data.draw(st.integers(0, len(self.sent) - 1)))
        errors = [None, None, AgentUnavailable("529", after=after), BudgetSpent(""), AgentRefused("")]
        error = data.draw(st.sampled_from([*errors, NO_KEY]))
        if error is errors[2]:
            self.pause = max(self.pause, self.now() + after)
        self.broken |= error is NO_KEY
        self.act(lambda: request.end(error))

    @precondition(lambda self: self.waiting or self.sent)
    @rule(data=st.data(), refused=st.booleans())
    def cancel(self, data: st.DataObject, refused: bool) -> None:
        """Several in the same moment, in any order, and perhaps while another one fails."""
        everybody = [*self.waiting, *self.sent]
        requests = data.draw(st.lists(st.sampled_from(everybody), min_size=1, unique_by=id))
        left = [request for request in self.sent if request not in requests]
        failing = left.pop() if refused and left else None
        self.sent = left

        async def work() -> None:
            if failing:
                failing._answer.set_exception(AgentUnavailable("529", after=700.0))
                self.pause = self.now() + 700.0
            for request in requests:
                request.task.cancel()

        self.act(work)

    @rule(seconds=st.sampled_from([1.0, 30.0, 600.0]))
    def wait(self, seconds: float) -> None:
        self.act(lambda: asyncio.sleep(seconds))

    @invariant()
    def everybody_who_can_be_served_is(self) -> None:
        if not hasattr(self, "endpoint"):
            return
        assert self.endpoint.under_way == len(self.sent)
        assert 1.0 <= self.endpoint.window <= 6.0
        paused = self.now() < self.pause
        assert not self.waiting or paused or len(self.sent) >= int(self.endpoint.window)
        assert not (self.broken and self.waiting and not paused and not self.sent)

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.runner.close()


TestTurns = Turns.TestCase
TestTurns.settings = settings(max_examples=60, stateful_step_count=25)
