"""What the fake Anthropic server knows of the API: what it refuses, how it counts, caches and bills.

Written from the public documentation of API version 2026-10-21, and independent of what it tests: the bill here is the
measure for our ledger. `tests/fake_anthropic.py` speaks HTTP around it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from prover.model import Usage

LOOKBACK = 20  # blocks before a breakpoint at which a cached prefix is looked for
BREAKPOINTS = 4
THINKING = {"thinking", "redacted_thinking"}
Json = dict[str, Any]


@dataclass(frozen=True)
class Tariff:
    """Dollars per million tokens."""

    input: float = 5.0
    output: float = 25.0
    cache_read: float = 0.5
    cache_write: float = 6.25


@dataclass
class Bill:
    """All that was worked out for the customer, delivered or not: what a stream cut short had left is charged too."""

    tariff: Tariff = Tariff()
    usage: Usage = field(default_factory=Usage)
    dollars: float = 0.0
    calls: int = 0

    def add(self, usage: Usage, share: float = 1.0) -> None:
        """Charges a call at `share` of the price."""
        of = self.tariff
        cost = usage.input * of.input + usage.output * of.output
        cost += usage.cache_read * of.cache_read + usage.cache_write * of.cache_write
        self.usage, self.dollars, self.calls = self.usage + usage, self.dollars + share * cost / 1e6, self.calls + 1


def tokens(text: str) -> int:
    """One for every four bytes of UTF-8, rounded up."""
    return -(-len(text.encode()) // 4)


def wording(block: Json) -> str:
    """What of a block is counted."""
    match block.get("type"):
        case "text":
            return str(block["text"])
        case "thinking":
            return str(block["thinking"])
        case "redacted_thinking":
            return str(block["data"])
        case "tool_use":
            return str(block["name"]) + json.dumps(block["input"])
        case "tool_result":
            return as_text(block.get("content", ""))
        case _:  # a tool
            return str(block["name"]) + str(block.get("description", "")) + json.dumps(block["input_schema"])


def as_text(content: str | list[Json]) -> str:
    return content if isinstance(content, str) else "".join(wording(block) for block in content)


def as_blocks(content: str | list[Json]) -> list[Json]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def signature(thinking: str) -> str:
    """The server's own, for a thought that it has had."""
    return hashlib.sha256(b"server's secret" + thinking.encode()).hexdigest()


def prompt(request: Json) -> Iterator[tuple[str, Json]]:
    """The blocks in the order in which they are read: tools, system, messages, each with who speaks."""
    yield from (("tool", tool) for tool in request.get("tools", ()))
    yield from (("system", block) for block in as_blocks(request.get("system") or []))
    for message in request["messages"]:
        yield from ((message["role"], block) for block in as_blocks(message["content"]))


@dataclass
class PromptCache:
    """Prefixes that end at a breakpoint of an earlier request; shorter ones than `least` tokens are not kept."""

    least: int = 0
    kept: set[str] = field(default_factory=set)

    def read(self, request: Json) -> Usage:
        """How the request's tokens divide; what it marks is kept from now on."""
        blocks = list(prompt(request))
        sizes = [tokens(wording(block)) for _, block in blocks]
        prefixes = list(_digests(request["model"], blocks))
        marks = [place for place, (_, block) in enumerate(blocks, 1) if block.get("cache_control")]
        marks = [place for place in marks if sum(sizes[:place]) >= self.least]
        places = {near for place in marks for near in range(max(1, place - LOOKBACK + 1), place + 1)}
        found = max((place for place in places if prefixes[place - 1] in self.kept), default=0)
        last = max([found, *marks])
        self.kept |= {prefixes[place - 1] for place in marks}
        return Usage(input=sum(sizes[last:]), cache_read=sum(sizes[:found]), cache_write=sum(sizes[found:last]))


def _digests(model: str, blocks: list[tuple[str, Json]]) -> Iterator[str]:
    digest = hashlib.sha256(model.encode())
    for who, block in blocks:
        bare = {key: value for key, value in block.items() if key != "cache_control"}
        digest.update(json.dumps([who, bare], sort_keys=True).encode())
        yield digest.hexdigest()


def complaint(request: Json, thinking: frozenset[str], window: int) -> str | None:
    """Why the API would not take the request (400), or None. `thinking` are the kinds that the model knows."""
    for name in ("temperature", "top_p", "top_k"):
        if name in request:
            return f"{name}: Extra inputs are not permitted"
    if not isinstance(request.get("max_tokens"), int) or request["max_tokens"] < 1:
        return "max_tokens: Field required"
    if not request.get("messages"):
        return "messages: at least one message is required"
    return _of_thinking(request, thinking) or _of_blocks(request) or _of_tools(request) or _of_length(request, window)


def _of_thinking(request: Json, known: frozenset[str]) -> str | None:
    asked: Mapping[str, Any] = request.get("thinking", {"type": "disabled"})
    kind = asked["type"]
    if kind not in known | {"disabled"}:
        return f'"thinking.type.{kind}" is not supported for this model.'
    if kind == "enabled" and asked["budget_tokens"] < 1024:
        return "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024"
    if kind == "enabled" and asked["budget_tokens"] >= request["max_tokens"]:
        return "`max_tokens` must be greater than `thinking.budget_tokens`"
    return None


def _of_blocks(request: Json) -> str | None:
    marked = 0
    for who, block in prompt(request):
        marked += bool(block.get("cache_control"))
        if block.get("type") == "text" and not block["text"]:
            return "messages: text content blocks must be non-empty"
        if block.get("type") in THINKING and (who != "assistant" or block.get("cache_control")):
            return "thinking blocks are the assistant's, and cannot be marked for the cache"
        if block.get("type") == "thinking" and block["signature"] != signature(block["thinking"]):
            return "messages: Invalid `signature` in `thinking` block"
    return f"A maximum of {BREAKPOINTS} blocks with cache_control may be provided." if marked > BREAKPOINTS else None


def _of_tools(request: Json) -> str | None:
    """Every use of a tool has its result in the next message, and a result answers a use of the last one."""
    waiting: set[str] = set()
    for message in request["messages"]:
        blocks = as_blocks(message["content"])
        if message["role"] not in ("user", "assistant") or not blocks:
            return "messages: a role that is user or assistant, and content, are required"
        results = {block["tool_use_id"] for block in blocks if block["type"] == "tool_result"}
        if results != waiting:
            return f"messages: `tool_use` ids without `tool_result` blocks, or the reverse: {results ^ waiting}"
        waiting = {block["id"] for block in blocks if block["type"] == "tool_use"}
        if waiting and request.get("thinking", {}).get("type") == "enabled" and blocks[0]["type"] not in THINKING:
            return "messages: Expected `thinking` or `redacted_thinking`, but found `tool_use`"
    return "messages: `tool_use` without `tool_result`" if waiting else None


def _of_length(request: Json, window: int) -> str | None:
    total = sum(tokens(wording(block)) for _, block in prompt(request))
    return f"prompt is too long: {total} tokens > {window} maximum" if total > window else None
