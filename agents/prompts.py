"""The words that a model is told, from the files in `prompts/`: each has a version, which the journal records.

A file has a TOML front matter between lines of `+++`, with its `version` and how the model is to be asked, and then
sections, each under a line `<!-- name -->`, which are jinja2 templates. `system` and `task` open a conversation. They
stand first and say only what stays the same over all attempts at a declaration, so that a server can keep them;
`earlier` is what has become known of it since.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agents.models.base import Limits, Message, Role, Text

FOLDER = Path(__file__).parent / "prompts"
FAMILIES = FOLDER / "families"
_FRONT = re.compile(r"\+\+\+\n(?P<front>.*?)\n\+\+\+\n(?P<sections>.*)", re.DOTALL)
_SECTION = re.compile(r"^<!-- (?P<name>[a-z ]+) -->\n", re.MULTILINE)
_SAMPLING = frozenset({"raw", "temperature", "top_p", "stop"})


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file. `asked` are limits that the model's makers publish with their format."""

    name: str
    version: int
    sections: Mapping[str, str]
    asked: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """As the journal has it: `refiner 1`."""
        return f"{self.name} {self.version}"

    @property
    def raw(self) -> bool:
        """Is the model to go on with the text, and not to answer it?"""
        return bool(self.asked.get("raw"))

    def say(self, section: str, **values: object) -> str:
        """A section in words; jinja2.UndefinedError when it needs a value that is not given."""
        return _environment().from_string(self.sections[section]).render(**values).strip("\n")

    def opening(self, **values: object) -> tuple[Message, ...]:
        """The messages that open a conversation."""
        if self.raw:
            return (Message.of(Role.USER, self.say("task", **values) + "\n"),)
        system = (Message.of(Role.SYSTEM, self.say("system", **values)),) if "system" in self.sections else ()
        later = [self.say(name, **values) for name in ("earlier",) if name in self.sections]
        texts = [Text(self.say("task", **values)), *(Text(f"\n\n{text}") for text in later if text)]
        return (*system, Message(Role.USER, tuple(texts)))

    def limits(self, limits: Limits) -> Limits:
        """The limits with what the makers publish; a temperature that the user has set stays."""
        asked = dict(self.asked)
        if limits.temperature is not None:
            asked.pop("temperature", None)
        return replace(limits, **asked)


@cache
def prompt(name: str) -> Prompt:
    """The prompt of that name."""
    return _read(FOLDER / f"{name}.md")


@cache
def for_samples(model: str) -> Prompt:
    """The format that the makers of a prover have trained it with, told by the model's name; else the general one."""
    known = [file for file in FAMILIES.glob("*.md") if file.stem in model.lower()]
    return _read(max(known, key=lambda file: len(file.stem))) if known else prompt("sampler")


def _read(file: Path) -> Prompt:
    parts = _FRONT.fullmatch(file.read_text(encoding="utf-8"))
    if parts is None:
        raise ValueError(f"{file.name} has no front matter between lines of +++")
    front = tomllib.loads(parts["front"])
    _, *found = _SECTION.split(parts["sections"])
    asked = {
        key: tuple(value) if isinstance(value, list) else value for key, value in front.items() if key in _SAMPLING
    }
    if unknown := front.keys() - _SAMPLING - {"version"}:
        raise ValueError(f"{file.name}: {', '.join(sorted(unknown))} is nothing that a prompt can ask for")
    return Prompt(file.stem, front["version"], dict(zip(found[::2], found[1::2], strict=True)), asked)


@cache
def _environment() -> Environment:
    """Text, not HTML: nothing is escaped. A value that a template needs and nobody gives is an error."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
