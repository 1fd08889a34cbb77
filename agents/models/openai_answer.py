"""Answers in the OpenAI API's words as replies, leniently: servers leave out, add and misspell.

Only the few fields that are used are read. A choice that cannot be is left out, so that it costs none of its
neighbours, and a tool's arguments that are no JSON are kept as they came. `agents.models.compatible` calls this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, NonNegativeInt, OnErrorOmit, ValidationError, WrapValidator
from pydantic_core import from_json

from agents.models.base import Block, Completion, Message, Reply, Role, Stop, Text, Thinking, ToolUse
from prover.model import Usage

UNPARSED = "unparsed"  # the one key of a tool use's input whose arguments were no JSON object: the text as it came
_STOPS = {
    "length": Stop.LENGTH,
    "abort": Stop.LENGTH,
    "error": Stop.LENGTH,
    "tool_calls": Stop.TOOLS,
    "content_filter": Stop.REFUSED,
}


class NoReply(ValueError):
    """An answer without any; what the server says of it, if it does."""


def _or_none(value: Any, read: Any) -> Any:
    """What a reply can do without, where it cannot be read."""
    try:
        return read(value)
    except ValidationError:
        return None


class _Details(BaseModel):
    cached_tokens: NonNegativeInt | None = None
    cache_write_tokens: NonNegativeInt | None = None


class _Usage(BaseModel):
    prompt_tokens: NonNegativeInt
    completion_tokens: NonNegativeInt
    prompt_tokens_details: Annotated[_Details | None, WrapValidator(_or_none)] = None


class _Function(BaseModel):
    name: str
    arguments: str | dict[str, Any] | None = None


class _ToolCall(BaseModel):
    id: str | None = None
    function: _Function


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None
    reasoning: str | None = None  # vLLM's name for it; before 0.12, and elsewhere, the next one
    reasoning_content: str | None = None
    tool_calls: list[OnErrorOmit[_ToolCall]] | None = None


class _Token(BaseModel):
    logprob: float = Field(allow_inf_nan=False)


class _Logprobs(BaseModel):
    content: list[_Token] | None = None
    token_logprobs: list[float | None] | None = None


class _Choice(BaseModel):
    message: _Message | None = None
    text: str | None = None  # of a continuation
    finish_reason: str | None = None
    logprobs: Annotated[_Logprobs | None, WrapValidator(_or_none)] = None


class _Answer(BaseModel):
    choices: list[OnErrorOmit[_Choice]] = []
    usage: Annotated[_Usage | None, WrapValidator(_or_none)] = None
    model: str | None = None
    error: Any = None  # some servers send it with status 200


class _Served(BaseModel):
    id: str


class _Listing(BaseModel):
    data: list[_Served]


def completion(body: str | bytes, model: str) -> Completion:
    """The answer to a request to `model`, with an empty usage where the server does not say what it has used.

    Raises ValueError when the body is no answer, or cut off; NoReply when it has no choice that can be read.
    """
    answer = _Answer.model_validate_json(body)
    replies = tuple(_reply(choice) for choice in answer.choices if choice.message or choice.text is not None)
    if not replies:
        raise NoReply(f"without a reply: {answer.error}" if answer.error else "without a reply")
    return Completion(replies, _usage(answer.usage), answer.model or model)


def served(body: str | bytes) -> tuple[str, ...]:
    """The models that a server's list names; raises ValueError where it is no such list."""
    return tuple(model.id for model in _Listing.model_validate_json(body).data)


def _usage(usage: _Usage | None) -> Usage:
    """Each token once: the API counts those from the cache, and those put there, among the prompt's."""
    if usage is None:
        return Usage()
    details = usage.prompt_tokens_details or _Details()
    read = min(details.cached_tokens or 0, usage.prompt_tokens)
    written = min(details.cache_write_tokens or 0, usage.prompt_tokens - read)
    return Usage(usage.prompt_tokens - read - written, usage.completion_tokens, read, written)


def _reply(choice: _Choice) -> Reply:
    message = choice.message or _Message(content=choice.text)
    thought = message.reasoning or message.reasoning_content
    said = message.content or message.refusal
    blocks: list[Block] = [Thinking(thought)] if thought else []
    blocks += [Text(said)] if said else []
    blocks += [_read_use(number, call) for number, call in enumerate(message.tool_calls or ())]
    return Reply(Message(Role.ASSISTANT, tuple(blocks)), _stop(choice, message), _logprob(choice.logprobs))


def _stop(choice: _Choice, message: _Message) -> Stop:
    if message.refusal:
        return Stop.REFUSED
    stop = stop_of(choice.finish_reason)
    return Stop.TOOLS if message.tool_calls and stop is Stop.END else stop


def stop_of(reason: str | None) -> Stop:
    """What a `finish_reason` means; what is not known is taken for an end."""
    return _STOPS.get(reason or "", Stop.END)


def _logprob(logprobs: _Logprobs | None) -> float | None:
    if logprobs is None:
        return None
    tokens = [token.logprob for token in logprobs.content or ()] or logprobs.token_logprobs or []
    known = [logprob for logprob in tokens if logprob is not None]
    return sum(known) if known else None


def _read_use(number: int, call: _ToolCall) -> ToolUse:
    """A use of a tool; arguments that are no JSON object are kept as they came, for the tool to complain of."""
    return ToolUse(call.id or f"call_{number}", call.function.name, _arguments(call.function.arguments))


def _arguments(said: str | dict[str, Any] | None) -> Mapping[str, Any]:
    if isinstance(said, dict):
        return said
    if not (said or "").strip():
        return {}
    try:
        value = from_json(said or "", allow_inf_nan=False)
    except ValueError:
        return {UNPARSED: said}
    return value if isinstance(value, dict) else {UNPARSED: said}
