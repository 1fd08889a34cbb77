"""What a language model is to an agent: messages in, replies and their usage out.

Frozen values and one Protocol; no I/O. Every provider of this folder implements `Model`; agents never see one, they ask
through `agents.models.caller`, which pays, waits and writes down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from prover.model import Usage


class Role(StrEnum):
    """Who speaks. A system message stands at the beginning or nowhere; results of tools are the user's."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Text:
    """What is said."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Thinking:
    """What the model thought before it answered; `signature` is the server's, to be sent back as it came.

    Where the server hides the text, `text` is empty and `signature` has all there is.
    """

    text: str
    signature: str = ""
    hidden: bool = False
    kind: Literal["thinking"] = "thinking"


@dataclass(frozen=True, slots=True)
class ToolUse:
    """The model wants to have a tool's answer. `input` fits the tool's schema only if the model has kept to it."""

    id: str
    name: str
    input: Mapping[str, Any]
    kind: Literal["tool_use"] = "tool_use"


@dataclass(frozen=True, slots=True)
class ToolResult:
    """A tool's answer to the use of that id."""

    id: str
    text: str
    failed: bool = False
    kind: Literal["tool_result"] = "tool_result"


Block: TypeAlias = Text | Thinking | ToolUse | ToolResult


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    blocks: tuple[Block, ...]

    @classmethod
    def of(cls, role: Role, text: str) -> Message:
        """A turn that is one text."""
        return cls(role, (Text(text),))

    @property
    def text(self) -> str:
        """What is said in it, without thinking and tools."""
        return "".join(block.text for block in self.blocks if isinstance(block, Text))

    @property
    def tool_uses(self) -> tuple[ToolUse, ...]:
        """The tools that it wants used, in order."""
        return tuple(block for block in self.blocks if isinstance(block, ToolUse))


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that the model may use; `parameters` is the JSON schema of its input, an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """How a reply is to be made, and its bounds. None leaves it to the server.

    `max_tokens` bounds each reply, thinking included; `seconds` is the wall limit of the whole call. `raw` asks for the
    continuation of the one message's text as it stands, without a chat template. `logprobs` asks for the probability of
    each reply. `grammar` is a JSON schema that the reply's text must fit, where the server offers that.
    """

    max_tokens: int = 16_384
    seconds: float = 600.0
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    thinking: int = 0  # tokens
    raw: bool = False
    logprobs: bool = False
    grammar: Mapping[str, Any] | None = None


class Stop(StrEnum):
    """Why a reply ended."""

    END = "end"  # it is complete, or has come to a stop string
    TOOLS = "tools"  # it waits for the results of tools
    LENGTH = "length"  # its tokens were used up: it breaks off
    REFUSED = "refused"  # the model or its server would not say more


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `logprob` is the sum over its tokens, in nats, where it was asked for and given."""

    message: Message
    stop: Stop = Stop.END
    logprob: float | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """What one request has brought: at least one reply, and the tokens that all of it has used.

    `model` is what the server calls the model that has answered.
    """

    replies: tuple[Reply, ...]
    usage: Usage
    model: str


class Model(Protocol):
    """A model behind some server, or in this process.

    `name` is how the user called it. `at_once` is how many replies one request may ask for.
    """

    @property
    def name(self) -> str: ...

    @property
    def at_once(self) -> int: ...

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), n: int = 1, limits: Limits = Limits()
    ) -> Completion:
        """Up to `n` replies to the conversation so far, in one request that is not repeated.

        Raises AgentUnavailable when it may work later (`after` is what the server asks for, `free` when nothing was
        charged), AgentMisconfigured when it will not until somebody acts, AgentRefused when this request never will.
        """
        ...

    async def check(self) -> None:
        """Whether the model can be asked: is there a key, does its server answer, does it know the model?

        Raises AgentMisconfigured or AgentUnavailable; nothing is charged for it.
        """
        ...

    async def close(self) -> None:
        """Ends connections, processes and what else it holds."""
        ...


class Price(BaseModel):
    """Dollars per million tokens. What is not said of the cache costs what input costs, so it is never too little.

    A request of more than `beyond` input tokens costs up to `dearer` times as much: long ones have their own price.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    input: float = Field(ge=0)
    output: float = Field(ge=0)
    cache_read: float | None = Field(default=None, ge=0)
    cache_write: float | None = Field(default=None, ge=0)
    beyond: int | None = Field(default=None, ge=0)
    dearer: float = Field(default=1.0, ge=1)

    def of(self, usage: Usage) -> float:
        """Dollars for the tokens of one request."""
        read = self.input if self.cache_read is None else self.cache_read
        write = self.input if self.cache_write is None else self.cache_write
        total = usage.input * self.input + usage.output * self.output
        total += usage.cache_read * read + usage.cache_write * write
        return total * self._times(usage.tokens - usage.output) / 1_000_000

    def most(self, input_tokens: int, output_tokens: int) -> float:
        """Dollars at most for one request, however much of the input the cache takes or gives."""
        dearest = max(self.input, self.cache_read or 0.0, self.cache_write or 0.0)
        total = input_tokens * dearest + output_tokens * self.output
        return total * self._times(input_tokens) / 1_000_000

    def _times(self, input_tokens: int) -> float:
        return 1.0 if self.beyond is None or input_tokens <= self.beyond else self.dearer


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call as it is kept: exactly what the model saw, and what it said.

    `messages` are those after the call of number `continues` and its first reply, or all of them where that is None;
    only then are the `tools` kept too.
    """

    messages: tuple[Message, ...]
    completion: Completion
    limits: Limits
    prompt: str  # name and version of the prompt file
    continues: int | None = None
    tools: tuple[Tool, ...] = ()

    def as_text(self) -> str:
        """As JSON, which `read` reads back."""
        return _EXCHANGE.dump_json(self).decode()

    @classmethod
    def read(cls, text: str) -> Exchange:
        """Raises ValueError where the text is not one of ours."""
        return _EXCHANGE.validate_json(text)


_EXCHANGE = TypeAdapter(Exchange)
