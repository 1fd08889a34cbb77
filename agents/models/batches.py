"""Claude by Message Batches: half the price, and answers within minutes or hours; for benchmarks.

Callers ask as they do of any model. Requests wait until a batch is full, or until none has come for a while; then they
are sent together, and each caller gets its own result. A batch is asked after for as long as somebody waits for it, and
cancelled when nobody does. `agents.models.registry` makes these models and halves their price.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential
from tenacity.wait import wait_base

from agents.models.anthropic import Claude
from agents.models.base import Completion, Limits, Message, Tool
from agents.models.faults import Server, of_status, said, translated, within
from agents.models.messages import completion
from prover.errors import AgentError, AgentUnavailable

_USUAL = Limits()
_ASKING = 120.0  # seconds for one request about a batch
_POLLING = wait_exponential(multiplier=5, min=5, max=60)  # seconds
# What a result's error would be as an answer to a single request.
_STATUS = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "rate_limit_error": 429,
    "overloaded_error": 529,
}


class _NotYet(AgentUnavailable):
    """The batch has not ended."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A request, and who waits for its completion."""

    body: dict[str, Any]
    answer: asyncio.Future[Completion]


class ClaudeBatches:
    """A model whose requests go out in batches of `most`, or when none has come for `quiet` seconds."""

    at_once = 1

    def __init__(
        self,
        name: str,
        model: str,
        key: str | None,
        base_url: str | None = None,
        *,
        most: int = 500,
        quiet: float = 5.0,
        polling: wait_base = _POLLING,
    ) -> None:
        self.name, self.most, self._quiet, self._polling = name, most, quiet, polling
        self._claude = Claude(name, model, key, base_url)
        self._next: list[_Waiting] = []
        self._timer: asyncio.TimerHandle | None = None
        self._underway: set[asyncio.Task[None]] = set()

    @property
    def _endpoint(self) -> Server:
        return self._claude.endpoint

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), n: int = 1, limits: Limits = _USUAL
    ) -> Completion:
        """As `Model.complete`. `limits.seconds` counts from now, so it must leave the batch time: up to 24 hours."""
        async with within(limits.seconds, self._endpoint):
            body = await self._claude.body(messages, tools, limits)
            waiting = _Waiting(body, asyncio.get_running_loop().create_future())
            self._join(waiting)
            return await waiting.answer

    def _join(self, waiting: _Waiting) -> None:
        """Puts the request into the next batch, which goes when it is full, or when nothing more comes for a while."""
        self._next.append(waiting)
        if self._timer:
            self._timer.cancel()
        if len(self._next) >= self.most:
            self._send()
        else:
            self._timer = asyncio.get_running_loop().call_later(self._quiet, self._send)

    def _send(self) -> None:
        """Nobody waits for the task that this starts: `close` ends it."""
        wanted = [waiting for waiting in self._next if not waiting.answer.done()]
        self._next = []
        if wanted:
            task = asyncio.create_task(self._run(wanted))
            self._underway.add(task)
            task.add_done_callback(self._underway.discard)

    async def _run(self, batch: list[_Waiting]) -> None:
        """Sends one batch and gives everybody what has become of their request."""
        try:
            await self._worked_off(batch)
        except AgentError as error:
            _give_all(batch, error)
        finally:
            _give_all(batch, AgentUnavailable(self._endpoint.says("the batch has no result for the request")))

    async def _worked_off(self, batch: list[_Waiting]) -> None:
        import anthropic

        of = {f"request-{place}": waiting for place, waiting in enumerate(batch)}
        requests: Any = [{"custom_id": id, "params": waiting.body} for id, waiting in of.items()]
        async with within(_ASKING, self._endpoint):
            with translated(anthropic, self._endpoint):
                id = (await self._claude.client.messages.batches.create(requests=requests)).id
        ended = False
        try:
            async for attempt in self._while_wanted(batch):
                with attempt:
                    await self._results(id, of)
            ended = True
        finally:
            if not ended:
                await self._cancel(id)

    def _while_wanted(self, batch: list[_Waiting]) -> AsyncRetrying:
        """Tries again, however often asking fails: the batch is being worked on, and will be charged."""

        def unwanted(_: RetryCallState) -> bool:
            return all(waiting.answer.done() for waiting in batch)

        retried = retry_if_exception_type(AgentUnavailable)
        return AsyncRetrying(retry=retried, wait=self._polling, stop=unwanted, reraise=True)

    async def _results(self, id: str, of: Mapping[str, _Waiting]) -> None:
        """Resolves every request of the batch that has a result. Raises AgentUnavailable where it has not ended."""
        import anthropic

        batches = self._claude.client.messages.batches
        async with within(_ASKING, self._endpoint):
            with translated(anthropic, self._endpoint):
                if (await batches.retrieve(id)).processing_status != "ended":
                    raise _NotYet("the batch has not ended")
                async for line in await batches.results(id):
                    self._give(of[line.custom_id].answer, line.result)

    def _give(self, answer: asyncio.Future[Completion], result: Any) -> None:
        """A result to whoever waits for it; nothing is charged for one that is not a success."""
        if answer.done():
            return
        if result.type == "succeeded":
            self._give_message(answer, result.message)
        elif result.type == "errored":
            status = _STATUS.get(result.error.error.type, 500)
            answer.set_exception(of_status(self._endpoint, status, said(result.error.to_dict())))
        else:
            answer.set_exception(AgentUnavailable(self._endpoint.says(f"{result.type} in its batch"), free=True))

    def _give_message(self, answer: asyncio.Future[Completion], message: Any) -> None:
        import anthropic

        try:
            with translated(anthropic, self._endpoint):
                answer.set_result(completion(message))
        except AgentError as error:
            answer.set_exception(error)

    async def _cancel(self, id: str) -> None:
        """Nobody wants the batch any more; what of it has been worked off is charged all the same."""
        import anthropic

        try:
            async with within(_ASKING, self._endpoint):
                with translated(anthropic, self._endpoint):
                    await self._claude.client.messages.batches.cancel(id)
        except AgentError:
            return  # it ends by itself within 24 hours

    async def check(self) -> None:
        """As `Model.check`."""
        await self._claude.check()

    async def close(self) -> None:
        """As `Model.close`; batches that are under way are cancelled."""
        if self._timer:
            self._timer.cancel()
        tasks = tuple(self._underway)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        _give_all(self._next, AgentUnavailable(self._endpoint.says("the run has ended"), free=True))
        await self._claude.close()


def _give_all(batch: list[_Waiting], error: AgentError) -> None:
    """The error to everybody who is still waiting."""
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
