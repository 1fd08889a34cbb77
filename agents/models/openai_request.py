"""Conversations as the OpenAI API has them: what a request's body says. Pure.

`agents.models.compatible` sends it; `agents.models.offline` lays out its prompts by the same turns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from agents.models.base import Limits, Message, Role, Tool, ToolResult, ToolUse


def request(
    model: str, messages: Sequence[Message], tools: Sequence[Tool], n: int, limits: Limits, *, bound: str = "max_tokens"
) -> dict[str, Any]:
    """The body of a request for `n` chat replies or, with `limits.raw`, for `n` continuations of the messages' text.

    `bound` is what the server calls the most tokens of a chat reply; a continuation's is always `max_tokens`. What is
    None in `limits` is not sent. Thinking has no tokens of its own here: `max_tokens` bounds it with the rest.
    """
    sampling = {
        "model": model,
        "n": n if n > 1 else None,  # not every server knows it
        "temperature": limits.temperature,
        "top_p": limits.top_p,
        "stop": list(limits.stop) or None,
    }
    asked = _continuation(messages, limits) if limits.raw else _chat(messages, tools, limits, bound)
    return {key: value for key, value in {**sampling, **asked}.items() if value is not None}


def turns(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The conversation's turns: each result of a tool is one. Thinking is not sent back: servers refuse it."""
    return [turn for message in messages for turn in _turns(message)]


def _continuation(messages: Sequence[Message], limits: Limits) -> dict[str, Any]:
    return {
        "prompt": "".join(message.text for message in messages),
        "max_tokens": limits.max_tokens,
        "logprobs": 1 if limits.logprobs else None,
        "extra_body": _format(limits.grammar) or None,  # vLLM's addition to the API
    }


def _chat(messages: Sequence[Message], tools: Sequence[Tool], limits: Limits, bound: str) -> dict[str, Any]:
    return {
        "messages": turns(messages),
        "tools": [_tool(tool) for tool in tools] or None,
        bound: limits.max_tokens,
        "logprobs": limits.logprobs or None,
        **_format(limits.grammar),
    }


def _format(grammar: Mapping[str, Any] | None) -> dict[str, Any]:
    if grammar is None:
        return {}
    schema = {"name": "answer", "schema": dict(grammar), "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


def _tool(tool: Tool) -> dict[str, Any]:
    described = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": described}


def _turns(message: Message) -> list[dict[str, Any]]:
    if message.role is Role.ASSISTANT:
        uses = [_use(use) for use in message.tool_uses]
        called = {"tool_calls": uses} if uses else {}
        return [{"role": "assistant", "content": message.text or (None if uses else ""), **called}]
    results = [block for block in message.blocks if isinstance(block, ToolResult)]
    said = [{"role": "tool", "tool_call_id": result.id, "content": result.text} for result in results]
    if message.text or not results:
        said.append({"role": message.role.value, "content": message.text})
    return said


def _use(use: ToolUse) -> dict[str, Any]:
    arguments = json.dumps(dict(use.input), ensure_ascii=False)
    return {"id": use.id, "type": "function", "function": {"name": use.name, "arguments": arguments}}
