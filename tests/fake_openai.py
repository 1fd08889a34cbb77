"""A server on 127.0.0.1 that speaks the OpenAI API as vLLM's server does: models, chat and continuations, not streamed.

    async with FakeOpenAI(answer=lambda request: "exact rfl", faults=[Refused(503), None]) as server:
        ... server.url, server.requests, server.bill

`answer` says what the model replies to a request: a text for all of its `n` choices, or one after the other (texts,
messages as the API has them, or a `Choice`; fewer than `n` are all there are), or a fault. `faults` happen to the
first, second, … request, whatever the answer is; None lets one pass.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from aiohttp import web

from prover.model import Usage
from tests.anthropic_rules import Bill, Json, Tariff, tokens
from tests.fake_anthropic import Refused

KEY = "sk-a-key-for-tests"
MODEL = "tiny/prover"
LOGPROB = -0.5  # of every token
BLOCK = 16  # tokens: prefixes are cached in blocks of so many


@dataclass(frozen=True)
class Broken:
    """An answer that goes wrong on its way; all of it is charged."""

    how: Literal["cut", "stall", "garbage", "type"] = "cut"
    sent: int = 0  # bytes that arrive before it is cut or stalls
    data: bytes = b'{"choices": [{"mess'  # in place of the answer, as if it were whole


Fault = Refused | Broken


@dataclass(frozen=True)
class Choice:
    """A message as the API has it, and why it ends; left out, that follows from the message."""

    message: Json
    finish: str | None = ""
    logprobs: Any = None


@dataclass
class FakeOpenAI:
    """The server, as an asynchronous context; see the module. A `key` of None lets everybody in."""

    answer: Callable[[Json], str | Sequence[str | Json | Choice] | Fault] = lambda request: "sorry"
    faults: Sequence[Fault | None] | Callable[[int], Fault | None] = ()
    key: str | None = KEY
    models: Sequence[str] = (MODEL,)
    lists: bool | bytes = True  # its models; in these words
    counts: bool = True  # says what was used
    window: int = 32_768
    tariff: Tariff = field(default_factory=Tariff)
    url: str = ""
    requests: list[Json] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bill = Bill(self.tariff)
        self.left = asyncio.Event()  # somebody has hung up on a stalled answer
        self._closing = asyncio.Event()
        self._read: list[str] = []

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 << 20, middlewares=[self._with_key])
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_post("/v1/completions", self._complete)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        await self._runner.cleanup()

    @web.middleware
    async def _with_key(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.key is not None and given != self.key:
            return error(Refused(401, f"Incorrect API key provided: {given}"))
        response: web.StreamResponse = await handler(request)
        return response

    async def _models(self, request: web.Request) -> web.Response:
        if not self.lists:
            raise web.HTTPNotFound
        if isinstance(self.lists, bytes):
            return web.Response(body=self.lists, content_type="application/json")
        served = [{"id": name, "object": "model", "created": 0, "owned_by": "vllm"} for name in self.models]
        return web.json_response({"object": "list", "data": served})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        self.requests.append(asked)
        number = len(self.requests) - 1
        if callable(self.faults):
            fault = self.faults(number)
        else:
            fault = self.faults[number] if number < len(self.faults) else None
        if isinstance(fault, Refused):
            return error(fault)
        worked = self._work(asked)
        if isinstance(worked, Refused):
            return error(worked)
        body, broken = worked
        return await self._send(request, json.dumps(body).encode(), fault or broken)

    def _work(self, asked: Json) -> tuple[Json, Broken | None] | Refused:
        """What the model makes of a request, billed; or why it does not begin."""
        if why := complaint(asked, self.models, self.window):
            return why
        answer = self.answer(asked)
        if isinstance(answer, Refused):
            return answer
        broken, answer = (answer, "broken") if isinstance(answer, Broken) else (None, answer)
        said = [answer] * asked.get("n", 1) if isinstance(answer, str) else answer[: asked.get("n", 1)]
        choices = [choice_of(asked, index, each) for index, each in enumerate(said)]
        usage = self._usage(asked, sum(written for _, written in choices))
        body = {"id": f"cmpl-{len(self.requests)}", "object": "completion", "created": 0, "model": asked["model"]}
        body |= {"choices": [choice for choice, _ in choices]}
        return body | ({"usage": usage} if self.counts else {}), broken

    def _usage(self, asked: Json, written: int) -> Json:
        """The prompt is counted once, however many choices it has; its cached beginning is counted in it."""
        text = prompt(asked)
        shared = max((same(text, before) for before in self._read), default=0)
        cached = shared // 4 // BLOCK * BLOCK
        self._read.append(text)
        self.bill.add(Usage(input=tokens(text) - cached, output=written, cache_read=cached))
        counted = {"prompt_tokens": tokens(text), "completion_tokens": written, "total_tokens": tokens(text) + written}
        return counted | {"prompt_tokens_details": {"cached_tokens": cached} if cached else None}

    async def _send(self, request: web.Request, body: bytes, fault: Broken | None) -> web.StreamResponse:
        if fault is None or fault.how == "type":
            return web.Response(body=body, content_type="text/html" if fault else "application/json")
        if fault.how == "garbage":
            return web.Response(body=fault.data, content_type="application/json")
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
        await response.prepare(request)
        await response.write(body[: min(fault.sent, len(body) - 1)])
        if fault.how == "stall":
            try:
                await self._closing.wait()
            finally:
                self.left.set()
        if request.transport is not None:
            request.transport.close()
        return response


def error(fault: Refused) -> web.Response:
    """As vLLM words its errors."""
    said = {"error": {"message": fault.message, "type": "Refused", "param": None, "code": fault.status}}
    body = json.dumps(said).encode() if fault.body is None else fault.body
    return web.Response(status=fault.status, body=body, headers=fault.headers, content_type="application/json")


def prompt(asked: Json) -> str:
    """All that the model reads."""
    return str(asked["prompt"]) if "prompt" in asked else json.dumps([asked.get("tools", []), *asked["messages"]])


def same(text: str, before: str) -> int:
    """How many characters both begin with."""
    shorter = min(len(text), len(before))
    return next((place for place in range(shorter) if text[place] != before[place]), shorter)


def complaint(asked: Json, models: Sequence[str], window: int) -> Refused | None:
    """Why the server does not begin: vLLM refuses these, in about these words."""
    if asked.get("model") not in models:
        return Refused(404, f"The model `{asked.get('model')}` does not exist.")
    most = asked.get("max_tokens") or asked.get("max_completion_tokens") or 16
    if tokens(prompt(asked)) + most > window:
        return Refused(400, f"This model's maximum context length is {window} tokens.")
    if not isinstance(asked.get("n", 1), int) or asked.get("n", 1) < 1:
        return Refused(400, "n must be at least 1")
    return complaint_of_tools(asked.get("messages", ()))


def complaint_of_tools(messages: Sequence[Json]) -> Refused | None:
    """Each use of a tool has arguments that are JSON and is answered at once, and nothing else is."""
    open_: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in open_:
                return Refused(400, f"no tool was called as {message['tool_call_id']}")
            open_.remove(message["tool_call_id"])
        elif open_:
            return Refused(400, f"tool calls without a result: {open_}")
        for call in message.get("tool_calls", ()):
            open_.append(call["id"])
            if not isinstance(json.loads(call["function"]["arguments"]), dict):
                return Refused(400, "the arguments of a tool call are an object")
    return Refused(400, f"tool calls without a result: {open_}") if open_ else None


def choice_of(asked: Json, index: int, said: str | Json | Choice) -> tuple[Json, int]:
    """A choice as the API has it, stopped where it has to be, and the tokens that it took."""
    said = {"content": said} if isinstance(said, str) else said
    given = said if isinstance(said, Choice) else Choice(said)
    text, finish = given.message.get("content"), given.finish
    room = 4 * (asked.get("max_tokens") or asked.get("max_completion_tokens") or 16)
    ends = [str(text).find(stop) for stop in asked.get("stop", ()) if stop in str(text)]
    if isinstance(text, str) and ends:
        text = text[: min(ends)]
    elif isinstance(text, str) and len(text.encode()) > room:
        text, finish = text.encode()[:room].decode(errors="ignore"), finish or "length"
    finish = ("tool_calls" if given.message.get("tool_calls") else "stop") if finish == "" else finish
    written = max(1, tokens(json.dumps(given.message | {"content": text or ""})) - tokens('{"content": ""}'))
    choice = {"index": index, "finish_reason": finish, "logprobs": given.logprobs}
    if asked.get("logprobs") and given.logprobs is None:
        choice["logprobs"] = logprobs(text or "", chat="messages" in asked)
    if "messages" not in asked:
        return choice | {"text": text}, written
    return choice | {"message": {"role": "assistant", **given.message, "content": text}}, written


def logprobs(text: str, *, chat: bool) -> Json:
    pieces = [text[start : start + 4] for start in range(0, len(text), 4)]
    if chat:
        return {"content": [{"token": piece, "logprob": LOGPROB, "top_logprobs": []} for piece in pieces]}
    return {"tokens": pieces, "token_logprobs": [LOGPROB] * len(pieces), "top_logprobs": None}
