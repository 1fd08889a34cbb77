"""A model that answers from a file: for tests, for demonstrations, and for a run that is played again.

The file is TOML, or JSON lines of the same entries; an exchange as the journal has it is an entry of JSON lines too:

    [[reply]]
    when = ["theorem sum_succ"]
    text = "Let me look. …"
    tools = [{ name = "check", input = { text = ":= by rfl" } }]

An entry is for conversations in which all texts of `when` occur before the first answer. The k-th answer of a
conversation is the k-th entry for it: nothing is remembered between requests, so a run that is resumed goes on where it
was.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.models.base import (
    Block,
    Completion,
    Exchange,
    Limits,
    Message,
    Reply,
    Role,
    Stop,
    Text,
    Thinking,
    Tool,
    ToolUse,
)
from prover.errors import AgentMisconfigured, AgentRefused
from prover.model import Usage

_REMEDY = "give a TOML file of [[reply]] tables, or JSON lines"
_CHARACTERS = 4  # of a token, about


class _Use(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    input: dict[str, Any] = Field(default_factory=dict)


class Entry(BaseModel):
    """One answer of a script. Where `usage` is not given it is counted, a token being four characters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: tuple[str, ...] = ()
    text: str = ""
    thinking: str = ""
    tools: tuple[_Use, ...] = ()
    stop: Stop | None = None
    usage: Usage | None = None

    def reply(self, number: int) -> Reply:
        """The answer, which is the conversation's of that number."""
        blocks: list[Block] = [Thinking(self.thinking)] if self.thinking else []
        blocks += [Text(self.text)] if self.text else []
        blocks += [ToolUse(f"use_{number}_{at}", use.name, use.input) for at, use in enumerate(self.tools)]
        stop = self.stop or (Stop.TOOLS if self.tools else Stop.END)
        return Reply(Message(Role.ASSISTANT, tuple(blocks)), stop)


class ScriptedModel:
    """Implements `Model`. What its script has no answer for, it refuses."""

    at_once = 1024

    def __init__(self, name: str, path: Path) -> None:
        """Raises AgentMisconfigured when the file is missing or not of the shape above."""
        self.name = name
        self._entries = _read(path)

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), n: int = 1, limits: Limits = Limits()
    ) -> Completion:
        """The next entries for this conversation; raises AgentRefused where there is none."""
        said = [message for message in messages if message.role is Role.ASSISTANT]
        first = takewhile(lambda message: message.role is not Role.ASSISTANT, messages)
        opening = "\n".join(message.text for message in first)
        fitting = [entry for entry in self._entries if all(text in opening for text in entry.when)]
        entries = fitting[len(said) : len(said) + n]
        if not entries:
            raise AgentRefused(f"{self.name} has no answer number {len(said) + 1} for this conversation")
        usages = [entry.usage or _counted(messages if not at else (), entry) for at, entry in enumerate(entries)]
        replies = tuple(entry.reply(len(said) + at) for at, entry in enumerate(entries))
        return Completion(replies, sum(usages, Usage()), self.name)

    async def check(self) -> None:
        """The file has been read."""

    async def close(self) -> None:
        """Nothing is held."""


def _counted(messages: Sequence[Message], entry: Entry) -> Usage:
    """Tokens of what was read, and of what is said."""
    read = sum(len(str(block)) for message in messages for block in message.blocks)
    return Usage(input=-(-read // _CHARACTERS), output=-(-len(entry.model_dump_json()) // _CHARACTERS))


def _read(path: Path) -> tuple[Entry, ...]:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            return tuple(entry for line in text.splitlines() if line.strip() for entry in _of_line(line))
        return tuple(Entry.model_validate(entry) for entry in tomllib.loads(text)["reply"])
    except (OSError, UnicodeDecodeError) as error:
        raise AgentMisconfigured(f"cannot read the script {path}: {error}", _REMEDY) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise AgentMisconfigured(f"{path}: {where}: {first['msg']}", _REMEDY) from error
    except (KeyError, TypeError, ValueError) as error:
        raise AgentMisconfigured(f"{path} is no script of a model: {error}", _REMEDY) from error


def _of_line(line: str) -> list[Entry]:
    """The entry that a line of JSON is, or one for each reply of the exchange that it is."""
    if "completion" not in json.loads(line):
        return [Entry.model_validate_json(line)]
    completion = Exchange.read(line).completion
    usages = (completion.usage, *(Usage() for _ in completion.replies[1:]))
    return [_of_reply(reply, usage) for reply, usage in zip(completion.replies, usages, strict=True)]


def _of_reply(reply: Reply, usage: Usage) -> Entry:
    thinking = "".join(block.text for block in reply.message.blocks if isinstance(block, Thinking))
    tools = tuple(_Use(name=use.name, input=dict(use.input)) for use in reply.message.tool_uses)
    return Entry(text=reply.message.text, thinking=thinking, tools=tools, stop=reply.stop, usage=usage)
