"""How agents ask a model: each request paid, in its turn at the server, tried again with patience, and written down.

The one way from an agent to a model. Before a request is sent the most that it can cost is held against the run's
limits; afterwards it is charged what it did cost, or all of that where nobody knows. What was answered once is never
asked again: whoever begins an attempt anew reads the recorded exchange. What a model is, `agents.models.base` says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from agents.base import Bench, Bill
from agents.models.base import Completion, Exchange, Limits, Message, Model, Price, Tool
from agents.models.endpoint import Endpoint
from prover.errors import AgentError, AgentMisconfigured, AgentRefused, AgentUnavailable, BudgetSpent
from prover.model import Call, Usage

TRIES, CHARGED_TRIES = 6, 3  # of one request; the fewer where each may have been charged
OVERHEAD, TOOLS_OVERHEAD = 256, 2048  # tokens that a server adds to a request: its template, its words about tools
CACHED = 4096  # bytes, some 1024 tokens: no model of Anthropic's keeps the beginning of a shorter request
_USUAL = Limits()
_JITTER = wait_random_exponential(multiplier=1.0, max=60.0)
_JSON: TypeAdapter[Any] = TypeAdapter(Any)

Said = Callable[[int], str | None]


def backoff(call: RetryCallState) -> float:
    """Seconds until the next try: what the server has asked for, and exponential back-off with full jitter upon it."""
    error = call.outcome and call.outcome.exception()
    return _JITTER(call) + (error.after if isinstance(error, AgentUnavailable) else 0.0)


def _may_work_later(error: BaseException) -> bool:
    """The server may answer then, or those who hold the money have given it back: a conversation waits for that."""
    return isinstance(error, AgentUnavailable) or (isinstance(error, BudgetSpent) and error.later)


def most_input(messages: Sequence[Message], tools: Sequence[Tool], limits: Limits) -> int:
    """An upper bound of a request's input tokens: the bytes of its JSON, and what a server adds.

    Byte-level tokenizers make at most one token of a byte; the JSON of a message is longer than its text by more than
    the few tokens that a template puts around it. Servers lay tools out in their own way, so these count twice.
    """
    sent = len(_JSON.dump_json([messages, limits.grammar]))
    described = 2 * len(_JSON.dump_json(tools)) + TOOLS_OVERHEAD if tools else 0
    return sent + described + OVERHEAD


def conversation(said: Said, number: int) -> tuple[tuple[Tool, ...], tuple[Message, ...]]:
    """The tools, and all messages up to the first reply, of a recorded call; KeyError where there is none."""
    text = said(number)
    if text is None:
        raise KeyError(f"call {number} has not been answered")
    exchange = Exchange.read(text)
    new = (*exchange.messages, exchange.completion.replies[0].message)
    if exchange.continues is None:
        return exchange.tools, new
    tools, before = conversation(said, exchange.continues)
    return tools, (*before, *new)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What all requests of one asking share; `kept` are those messages that no earlier exchange has."""

    bench: Bench
    messages: tuple[Message, ...]
    tools: tuple[Tool, ...]
    limits: Limits
    prompt: str
    kept: tuple[Message, ...]
    continues: int | None

    def exchange(self, completion: Completion) -> Exchange:
        tools = self.tools if self.continues is None else ()
        return Exchange(self.kept, completion, self.limits, self.prompt, self.continues, tools)


class Caller:
    """One model at its endpoint, with its price: None is not known.

    `wait` gives the seconds between tries, of which there are `tries`; none begins after the endpoint's patience. With
    `primes`, the first of several requests is sent alone where the others can then read its beginning from the cache.
    """

    def __init__(
        self,
        model: Model,
        endpoint: Endpoint,
        price: Price | None,
        *,
        tries: int = TRIES,
        wait: Callable[[RetryCallState], float] = backoff,
        primes: bool = True,
    ) -> None:
        self.name = model.name
        self.price = price
        self._model, self._endpoint, self._primes = model, endpoint, primes
        self._tries, self._wait = tries, wait

    async def ask(
        self,
        bench: Bench,
        number: int,
        messages: Sequence[Message],
        tools: Sequence[Tool] = (),
        n: int = 1,
        limits: Limits = _USUAL,
        *,
        prompt: str,
        continues: int | None = None,
    ) -> tuple[Exchange, ...]:
        """Up to `n` replies, in as many requests as the model needs for that, numbered from `number` on.

        At least one exchange, in the order of the numbers: what has failed is left out where anything has succeeded.
        Raises the first error where nothing has: AgentUnavailable with `tried`, AgentMisconfigured, AgentRefused, and
        BudgetSpent before anything is sent. `continues` is the number of the call whose conversation goes on.
        """
        asking = _asking(bench, tuple(messages), tuple(tools), limits, prompt, continues)
        sizes = _sizes(number, n, self._model.at_once)
        said = {each: text for each in sizes if (text := bench.said(each)) is not None}
        outcomes: dict[int, Exchange | AgentError] = {each: Exchange.read(text) for each, text in said.items()}
        sizes = {each: size for each, size in sizes.items() if each not in said}
        if self._primes and len(sizes) > 1 and self._keeps_the_beginning(asking):
            first = min(sizes)
            outcomes |= await self._all(asking, {first: sizes.pop(first)})
            sizes = sizes if isinstance(outcomes[first], Exchange) else {}
        outcomes |= await self._all(asking, sizes)
        return _answered([outcomes[each] for each in sorted(outcomes)])

    async def check(self) -> None:
        """Whether the model can be asked. Raises AgentMisconfigured or AgentUnavailable; nothing is charged."""
        await self._model.check()

    def _keeps_the_beginning(self, asking: _Asking) -> bool:
        """Is it cheaper to send one request alone, so that the others read what it has put into the cache?

        Where writing the cache costs extra, k requests at once each pay for that: 1.25 k of the prefix instead of
        1.25 + 0.1 (k - 1), five times as much for eight. An entry is there once an answer has begun, and it costs
        that time: attempts work side by side, and have a quarter of an hour each.
        """
        price = self.price
        dear = price is not None and price.cache_read is not None and (price.cache_write or 0.0) > price.cache_read
        return dear and most_input(asking.messages, asking.tools, asking.limits) > CACHED

    async def _all(self, asking: _Asking, sizes: Mapping[int, int]) -> dict[int, Exchange | AgentError]:
        """These requests side by side, by their numbers: what came of each."""
        async with asyncio.TaskGroup() as group:
            tasks = {number: group.create_task(self._outcome(asking, number, n)) for number, n in sizes.items()}
        return {number: task.result() for number, task in tasks.items()}

    async def _outcome(self, asking: _Asking, number: int, n: int) -> Exchange | AgentError:
        later = retry_if_exception(_may_work_later)
        retrying = AsyncRetrying(retry=later, stop=self._enough, wait=self._wait, reraise=True)
        try:
            return await retrying(self._once, asking, number, n)
        except AgentUnavailable as error:
            error.tried = True
            return error
        except AgentError as error:
            return error

    def _enough(self, call: RetryCallState) -> bool:
        """No more tries: there were as many as make sense, or the next would come after the endpoint's patience."""
        error = call.outcome and call.outcome.exception()
        if isinstance(error, BudgetSpent):
            return stop_before_delay(self._endpoint.patience)(call)
        charged = isinstance(error, AgentUnavailable) and not error.free
        tries = min(self._tries, CHARGED_TRIES) if charged else self._tries
        return stop_after_attempt(tries)(call) or stop_before_delay(self._endpoint.patience)(call)

    async def _once(self, asking: _Asking, number: int, n: int) -> Exchange:
        """One try. It is paid for when its turn has come: what waits must hold no money."""
        tokens_in, tokens_out = most_input(asking.messages, asking.tools, asking.limits), n * asking.limits.max_tokens
        dollars = None if self.price is None else self.price.most(tokens_in, tokens_out)
        call = Call(number, self.name, tokens_in + tokens_out, dollars, asking.prompt)
        async with self._endpoint.turn(self.name):
            with asking.bench.paying(call) as bill:
                try:
                    with self._endpoint.sending(self.name):
                        completion = await self._model.complete(asking.messages, asking.tools, n, asking.limits)
                except (AgentUnavailable, AgentMisconfigured, AgentRefused) as error:
                    if not isinstance(error, AgentUnavailable) or error.free:
                        bill.usage, bill.dollars = Usage(), 0.0
                    raise
                self._write(bill, completion.usage)
                exchange = asking.exchange(completion)
                bill.said = _text(exchange)
                return exchange

    def _write(self, bill: Bill, usage: Usage) -> None:
        """What it has cost. A server that counts no input or no output does not count: all that is held is charged."""
        if usage.output and usage.tokens > usage.output:
            bill.usage = usage
            bill.dollars = None if self.price is None else self.price.of(usage)


def _asking(
    bench: Bench,
    messages: tuple[Message, ...],
    tools: tuple[Tool, ...],
    limits: Limits,
    prompt: str,
    continues: int | None,
) -> _Asking:
    """With what is new in it: all of it, where it does not go on word for word from the call that it continues."""
    if continues is not None:
        same, before = conversation(bench.said, continues)
        if (same, before) == (tools, messages[: len(before)]):
            return _Asking(bench, messages, tools, limits, prompt, messages[len(before) :], continues)
    return _Asking(bench, messages, tools, limits, prompt, messages, None)


def _sizes(number: int, n: int, at_once: int) -> dict[int, int]:
    """How many replies each request asks for, by its number."""
    starts = range(0, max(1, n), max(1, at_once))
    return {number + place: min(at_once, n - start) for place, start in enumerate(starts)}


def _answered(outcomes: Sequence[Exchange | AgentError]) -> tuple[Exchange, ...]:
    exchanges = tuple(outcome for outcome in outcomes if isinstance(outcome, Exchange))
    if not exchanges:
        raise next(outcome for outcome in outcomes if isinstance(outcome, AgentError))
    return exchanges


def _text(exchange: Exchange) -> str:
    """Raises AgentUnavailable where the server has sent what is no Unicode: half of a surrogate pair, say."""
    try:
        return exchange.as_text()
    except ValueError as error:
        raise AgentUnavailable("the answer is not Unicode text") from error
