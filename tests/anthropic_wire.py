"""What the fake Anthropic server sends: messages, the events that they are streamed as, errors, and what goes wrong.

`tests/fake_anthropic.py` sends it; a test names the faults and answers of this module from there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from aiohttp import web

from prover.model import Usage
from tests.anthropic_rules import Json, signature, tokens, wording

KINDS = {400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error"}
KINDS |= {404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error", 529: "overloaded_error"}


How: TypeAlias = Literal["cut", "end", "stall", "error", "garbage"]


@dataclass(frozen=True)
class Refused:
    """An error instead of an answer, before any work."""

    status: int
    message: str = "not now"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None  # in place of the usual one


@dataclass(frozen=True)
class Broken:
    """A stream that goes wrong after so many events or bytes; all of it is charged.

    Its connection is closed without a word, or it ends as if that had been all, or it is silent from there on, or has
    an error or `data` next.
    """

    how: How = "cut"
    events: int = 0
    cut_at: int | None = None  # bytes, from the end where it is negative
    data: bytes = b'event: content_block_delta\ndata: {"type": "content_block_delta"\n\n'


@dataclass(frozen=True)
class Ended:
    """Of a request in a batch: it was not worked on, and is not charged."""

    how: Literal["expired", "canceled"]


Fault = Refused | Broken


@dataclass(frozen=True)
class Answer:
    """Content blocks, and why the reply ends; left out, that follows from the blocks."""

    blocks: Sequence[Json]
    stop: str = ""


def error_body(status: int, message: str) -> Json:
    """As the API words its errors."""
    return {"type": "error", "error": {"type": KINDS.get(status, "api_error"), "message": message}, "request_id": "r"}


def error(fault: Refused) -> web.Response:
    body = json.dumps(error_body(fault.status, fault.message)).encode() if fault.body is None else fault.body
    return web.Response(status=fault.status, body=body, headers=fault.headers, content_type="application/json")


def model_info(name: str, thinking: frozenset[str]) -> Json:
    """As `GET /v1/models/{id}` has it, with the capabilities that matter here."""
    types = {kind: {"supported": kind in thinking} for kind in ("adaptive", "enabled", "between_tools")}
    return {
        "type": "model",
        "id": name,
        "display_name": name,
        "created_at": "2026-01-01T00:00:00Z",
        "capabilities": {"thinking": {"supported": bool(thinking), "types": types | {"disabled": {"supported": True}}}},
    }


def as_answer(answer: str | Sequence[Json] | Answer) -> Answer:
    if isinstance(answer, str):
        return Answer([{"type": "text", "text": answer}])
    return answer if isinstance(answer, Answer) else Answer(answer)


def message_of(asked: Json, answer: Answer, usage: Usage, number: int) -> Json:
    """The whole message, broken off where the tokens are used up."""
    room, content = asked["max_tokens"], []
    for block in map(signed, answer.blocks):
        size = tokens(wording(block))
        if size <= room:
            content.append(block)
        elif block["type"] == "text":
            content.append(block | {"text": block["text"].encode()[: 4 * room].decode(errors="ignore")})
        room = max(0, room - size)
    stop = "tool_use" if any(block["type"] == "tool_use" for block in content) else "end_turn"
    counted = {
        "input_tokens": usage.input,
        "cache_read_input_tokens": usage.cache_read,
        "cache_creation_input_tokens": usage.cache_write,
        "output_tokens": max(1, asked["max_tokens"] - room),
    }
    return {
        "id": f"msg_{number}",
        "type": "message",
        "role": "assistant",
        "model": asked["model"],
        "content": content,
        "stop_reason": answer.stop or (stop if len(content) == len(answer.blocks) and room else "max_tokens"),
        "stop_sequence": None,
        "usage": counted,
    }


def signed(block: Json) -> Json:
    return {"signature": signature(block["thinking"])} | block if block["type"] == "thinking" else block


def events_of(message: Json) -> Iterator[Json]:
    """The events that the message is streamed as."""
    usage = message["usage"]
    start = message | {"content": [], "stop_reason": None, "usage": usage | {"output_tokens": 1}}
    yield {"type": "message_start", "message": start}
    for index, block in enumerate(message["content"]):
        empty, deltas = parts(block)
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        if not index:
            yield {"type": "ping"}
        yield from ({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas)
        yield {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": message["stop_reason"], "stop_sequence": message["stop_sequence"]}
    yield {"type": "message_delta", "delta": delta, "usage": usage}
    yield {"type": "message_stop"}


def parts(block: Json) -> tuple[Json, list[Json]]:
    """How a block begins, and the deltas that complete it."""
    match block["type"]:
        case "text":
            return block | {"text": ""}, [{"type": "text_delta", "text": piece} for piece in pieces(block["text"])]
        case "thinking":
            thoughts = [{"type": "thinking_delta", "thinking": piece} for piece in pieces(block["thinking"])]
            last = {"type": "signature_delta", "signature": block["signature"]}
            return block | {"thinking": "", "signature": ""}, [*thoughts, last]
        case "tool_use":
            spelled = ["", *pieces(json.dumps(block["input"]))]
            return block | {"input": {}}, [{"type": "input_json_delta", "partial_json": piece} for piece in spelled]
        case _:
            return block, []


def pieces(text: str) -> list[str]:
    size = max(8, -(-len(text) // 6))
    return [text[start : start + size] for start in range(0, len(text), size)]
