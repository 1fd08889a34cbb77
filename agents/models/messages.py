"""Our conversations as Anthropic's Messages API has them, and its answers as ours; no I/O.

Written for API version 2026-10-21, which the SDK sends: it knows no temperature and no top_p, so those are left out.
Called by `agents.models.anthropic`, for single requests and for batches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from pydantic import TypeAdapter

from agents.models.base import Block, Completion, Limits, Message, Role, Stop, Text, Thinking, Tool, ToolResult, ToolUse

Thought: TypeAlias = Literal["enabled", "adaptive"]

_KEEP = {"cache_control": {"type": "ephemeral"}}
_LEAST_BUDGET = 1024  # tokens of thinking; the API takes no less
_STOPS = {
    "tool_use": Stop.TOOLS,
    "max_tokens": Stop.LENGTH,
    "model_context_window_exceeded": Stop.LENGTH,
    "refusal": Stop.REFUSED,
}
_COMPLETION = TypeAdapter(Completion)


def request(
    model: str, messages: Sequence[Message], tools: Sequence[Tool], limits: Limits, thought: Thought
) -> dict[str, Any]:
    """The body of a request, with up to three marks for the prompt cache.

    The system block's covers the tools before it. Where the first message has several blocks, its first says what stays
    the same over attempts, and has one. That on the last block of the last user message lets the next request of the
    conversation read everything up to there. `thought` is the kind of thinking that the model knows.
    """
    system = [_block(block) for message in messages if message.role is Role.SYSTEM for block in message.blocks]
    turns = [turn for message in messages if message.role is not Role.SYSTEM and (turn := _turn(message))["content"]]
    offered = [{"name": tool.name, "description": tool.description, "input_schema": tool.parameters} for tool in tools]
    _mark(system or offered)
    opening: list[dict[str, Any]] = next((turn["content"] for turn in turns if turn["role"] == "user"), [])
    _mark(opening[:1] if len(opening) > 1 else [])
    _mark(next((turn["content"] for turn in reversed(turns) if turn["role"] == "user"), []))
    body: dict[str, Any] = {"model": model, "max_tokens": limits.max_tokens, "messages": turns}
    body |= {key: value for key, value in (("system", system), ("tools", offered)) if value}
    if limits.stop:
        body["stop_sequences"] = list(limits.stop)
    if limits.grammar is not None:
        body["output_config"] = {"format": {"type": "json_schema", "schema": dict(limits.grammar)}}
    if limits.thinking:
        body["thinking"] = _thinking(limits, thought)
    return body


def _mark(blocks: list[dict[str, Any]]) -> None:
    if blocks:
        blocks[-1] |= _KEEP


def _thinking(limits: Limits, thought: Thought) -> dict[str, Any]:
    """Adaptive thinking has no budget of its own: `max_tokens` bounds it. It is summarised, to be read afterwards."""
    if thought == "adaptive":
        return {"type": "adaptive", "display": "summarized"}
    budget = min(limits.thinking, limits.max_tokens - 1)
    return {"type": "enabled", "budget_tokens": max(_LEAST_BUDGET, budget)}


def _turn(message: Message) -> dict[str, Any]:
    return {"role": message.role.value, "content": [_block(block) for block in message.blocks if _sendable(block)]}


def _sendable(block: Block) -> bool:
    """The API takes no empty text, and no thinking that it has not signed: another model's, say."""
    match block:
        case Text(text):
            return bool(text)
        case Thinking():
            return bool(block.signature)
    return True


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Text(text):
            return {"type": "text", "text": text}
        case Thinking(hidden=True):
            return {"type": "redacted_thinking", "data": block.signature}
        case Thinking(text, signature):
            return {"type": "thinking", "thinking": text, "signature": signature}
        case ToolUse(id, name, given):
            return {"type": "tool_use", "id": id, "name": name, "input": dict(given)}
        case ToolResult(id, text, failed):
            return {"type": "tool_result", "tool_use_id": id, "content": text, "is_error": failed}


def completion(message: Any) -> Completion:
    """A whole message of the SDK, which has not checked it; ValueError or AttributeError where it is malformed."""
    if not message.stop_reason:
        raise ValueError("the message does not say why it stops")
    reply = {
        "message": {"role": "assistant", "blocks": [_read(block) for block in message.content]},
        "stop": _STOPS.get(message.stop_reason, Stop.END),
    }
    usage = {name: _count(message.usage, field) for name, field in _USAGE.items()}
    return _COMPLETION.validate_python({"replies": [reply], "usage": usage, "model": message.model})


_USAGE: Mapping[str, str] = {
    "input": "input_tokens",
    "output": "output_tokens",
    "cache_read": "cache_read_input_tokens",
    "cache_write": "cache_creation_input_tokens",
}


def _count(usage: Any, field: str) -> int:
    """Tokens; the two of the cache may be left out. Less than none would make a call cheaper than it was."""
    tokens = getattr(usage, field)
    if tokens is None and field.startswith("cache"):
        return 0
    if not isinstance(tokens, int) or tokens < 0:
        raise ValueError(f"{field} is no number of tokens")
    return tokens


def _read(block: Any) -> dict[str, Any]:
    match block.type:
        case "text":
            return {"kind": "text", "text": block.text}
        case "thinking":
            return {"kind": "thinking", "text": block.thinking, "signature": block.signature}
        case "redacted_thinking":
            return {"kind": "thinking", "text": "", "signature": block.data, "hidden": True}
        case "tool_use":
            return {"kind": "tool_use", "id": block.id, "name": block.name, "input": block.input}
    raise ValueError(f"a block of type {block.type} was not asked for")
