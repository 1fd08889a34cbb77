"""A server on 127.0.0.1 that speaks Anthropic's Messages API: streams, tools, thinking, prompt caching, batches.

    async with FakeAnthropic(answer=lambda request: "exact rfl", faults=[Refused(529), None]) as server:
        ... server.url, server.requests, server.bill

`answer` says what the model replies to a request: a text, content blocks as the API has them, an `Answer`, or a fault.
`faults` happen to the first, second, … request for a message, whatever the answer is; None lets one pass. What is
refused, counted, cached and billed is in `tests/anthropic_rules.py`, what is sent in `tests/anthropic_wire.py`.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

from aiohttp import web

from prover.model import Usage
from tests.anthropic_rules import Bill, Json, PromptCache, Tariff, complaint
from tests.anthropic_wire import (
    Answer,
    Broken,
    Ended,
    Fault,
    Refused,
    as_answer,
    error,
    error_body,
    events_of,
    message_of,
    model_info,
)

__all__ = ["KEY", "Answer", "Broken", "Ended", "FakeAnthropic", "Refused"]

KEY = "sk-ant-api03-a-key-for-tests"
MODELS = {
    "claude-opus-4-5": frozenset({"enabled"}),
    "claude-opus-4-6": frozenset({"enabled", "adaptive"}),
    "claude-opus-4-8": frozenset({"adaptive"}),
}
BATCH_SHARE = 0.5  # of the price

Worked: TypeAlias = tuple[Json, Broken | None] | Refused | Ended


@dataclass
class FakeAnthropic:
    """The server, as an asynchronous context; see the module."""

    answer: Callable[[Json], str | Sequence[Json] | Answer | Fault | Ended] = lambda request: "sorry"
    faults: Sequence[Fault | None] = ()
    key: str = KEY
    models: Mapping[str, frozenset[str]] = field(default_factory=lambda: MODELS)
    retired: Sequence[str] = ()
    window: int = 200_000
    least_cached: int = 0  # tokens
    model_faults: list[Refused] = field(default_factory=list)  # to the next requests about a model
    polls: int = 1  # how often a batch is asked about before it has ended
    batch_faults: Sequence[Fault | None] = ()  # as `faults`, for the requests about batches
    tariff: Tariff = field(default_factory=Tariff)
    url: str = ""
    requests: list[Json] = field(default_factory=list)  # all asked for a message, those in batches too
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bill, self.cache = Bill(self.tariff), PromptCache(self.least_cached)
        self.stalled, self.left = asyncio.Event(), asyncio.Event()  # a stream stalls; somebody has hung up on one
        self.batches = Batches(self)
        self._closing = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 << 20, middlewares=[self._with_key])
        app.router.add_get("/v1/models/{model}", self._model)
        app.router.add_post("/v1/messages", self._messages)
        self.batches.add_routes(app.router)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        await self._runner.cleanup()

    @web.middleware
    async def _with_key(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        given = request.headers.get("x-api-key") or request.headers.get("Authorization", "").removeprefix("Bearer ")
        if given != self.key:
            return error(Refused(401, f"invalid x-api-key: {given}"))
        response: web.StreamResponse = await handler(request)
        return response

    async def _model(self, request: web.Request) -> web.Response:
        if self.model_faults:
            return error(self.model_faults.pop(0))
        name = request.match_info["model"]
        if name not in self.models:
            return error(Refused(404, f"model: {name}"))
        lifecycle = "retired" if name in self.retired else "active"
        return web.json_response(model_info(name, self.models[name]) | {"lifecycle": lifecycle})

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        number = len(self.requests)
        fault = self.faults[number] if number < len(self.faults) else None
        worked = self.work(asked, fault)
        if not isinstance(worked, tuple):
            return error(worked if isinstance(worked, Refused) else Refused(500))
        message, broken = worked
        return await self._stream(request, message, broken) if asked.get("stream") else web.json_response(message)

    def work(self, asked: Json, fault: Fault | None = None, share: float = 1.0) -> Worked:
        """What the model makes of a request, billed at `share` of the price; or why it does not begin."""
        self.requests.append(asked)
        if isinstance(fault, Refused):
            return fault
        if asked.get("model") not in self.models:
            return Refused(404, f"model: {asked.get('model')}")
        if why := complaint(asked, self.models[asked["model"]], self.window):
            return Refused(400, why)
        answer = self.answer(asked)
        if isinstance(answer, Refused | Ended):
            return answer
        if isinstance(answer, Broken):
            fault, answer = answer, "this answer does not arrive"
        usage = self.cache.read(asked)
        message = message_of(asked, as_answer(answer), usage, len(self.requests))
        self.bill.add(usage + Usage(output=message["usage"]["output_tokens"]), share)
        return message, fault

    async def _stream(self, request: web.Request, message: Json, fault: Broken | None) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "request-id": message["id"]})
        await response.prepare(request)
        events = [b"event: %s\ndata: %s\n\n" % (e["type"].encode(), json.dumps(e).encode()) for e in events_of(message)]
        if fault is None:
            await response.write(b"".join(events))
            return response
        sent = b"".join(events[: fault.events]) if fault.cut_at is None else b"".join(events)[: fault.cut_at]
        await response.write(sent)
        await self._break(response, fault)
        if fault.how != "end" and request.transport is not None:
            request.transport.close()
        return response

    async def _break(self, response: web.StreamResponse, fault: Broken) -> None:
        if fault.how == "stall":
            self.stalled.set()
            try:
                await self._closing.wait()
            finally:
                self.left.set()
        if fault.how == "error":
            body = json.dumps(error_body(529, "Overloaded")).encode()
            await response.write(b"event: error\ndata: %s\n\n" % body)
        if fault.how == "garbage":
            await response.write(fault.data)
            await response.write_eof()


@dataclass
class Batch:
    """Requests that are worked on when they have been asked about often enough."""

    id: str
    items: Sequence[Json]
    polls: int
    status: str = "in_progress"
    lines: list[Json] = field(default_factory=list)


class Batches:
    """The server's Message Batches."""

    def __init__(self, server: FakeAnthropic) -> None:
        self.server, self.known, self._asked = server, dict[str, Batch](), 0
        self.asked, self.cancelled = asyncio.Event(), asyncio.Event()  # after a batch; a batch
        self.twist: Callable[[Json], Json | None] = lambda line: line  # what becomes of a line of the results

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v1/messages/batches", self._create)
        router.add_get("/v1/messages/batches/{id}", self._retrieve)
        router.add_get("/v1/messages/batches/{id}/results", self._results)
        router.add_post("/v1/messages/batches/{id}/cancel", self._cancel)

    def _fault(self) -> Fault | None:
        self._asked += 1
        faults = self.server.batch_faults
        return faults[self._asked - 1] if self._asked <= len(faults) else None

    async def _create(self, request: web.Request) -> web.StreamResponse:
        if isinstance(fault := self._fault(), Refused):
            return error(fault)
        batch = Batch(f"msgbatch_{len(self.known)}", (await request.json())["requests"], self.server.polls)
        self.known[batch.id] = batch
        return self._told(batch)

    async def _retrieve(self, request: web.Request) -> web.StreamResponse:
        if isinstance(fault := self._fault(), Refused):
            return error(fault)
        batch = self.known[request.match_info["id"]]
        self.asked.set()
        batch.polls -= 1
        if batch.polls <= 0 and batch.status != "ended":
            self._end(batch)
        return self._told(batch)

    def _end(self, batch: Batch) -> None:
        """The results come in another order than the requests."""
        cancelled, batch.status = batch.status == "canceling", "ended"
        results = [
            (item, Ended("canceled") if cancelled else self.server.work(item["params"], share=BATCH_SHARE))
            for item in batch.items
        ]
        batch.lines = [
            {"custom_id": item["custom_id"], "result": result_of(worked)} for item, worked in reversed(results)
        ]

    async def _results(self, request: web.Request) -> web.StreamResponse:
        fault = self._fault()
        if isinstance(fault, Refused):
            return error(fault)
        lines = (line for line in map(self.twist, self.known[request.match_info["id"]].lines) if line)
        body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        if fault is None:
            return web.Response(body=body, content_type="application/x-jsonl")
        response = web.StreamResponse(headers={"Content-Type": "application/x-jsonl"})
        await response.prepare(request)
        await response.write(body[: fault.cut_at])
        if request.transport is not None:
            request.transport.close()
        return response

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        batch = self.known[request.match_info["id"]]
        self.cancelled.set()
        batch.status = "canceling" if batch.status == "in_progress" else batch.status
        return self._told(batch)

    def _told(self, batch: Batch) -> web.Response:
        ended = batch.status == "ended"
        return web.json_response(
            {
                "type": "message_batch",
                "id": batch.id,
                "processing_status": batch.status,
                "created_at": "2026-01-01T00:00:00Z",
                "expires_at": "2026-01-02T00:00:00Z",
                "request_counts": dict.fromkeys(("processing", "succeeded", "errored", "canceled", "expired"), 0),
                "results_url": f"{self.server.url}/v1/messages/batches/{batch.id}/results" if ended else None,
            }
        )


def result_of(worked: Worked) -> Json:
    """As a line of the results has it."""
    if isinstance(worked, Ended):
        return {"type": worked.how}
    if isinstance(worked, Refused):
        return {"type": "errored", "error": error_body(worked.status, worked.message)}
    return {"type": "succeeded", "message": worked[0]}
