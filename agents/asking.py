"""What the agents that ask a model have in common: their settings, and what they tell it of a task.

`prover.running` makes the settings from the run's configuration; `agents.prompts` puts what is told into words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from agents.base import Bench, Premise
from agents.models.base import Limits
from agents.portfolio import local_name
from prover.model import Task

_OUTLINE = 16_000  # characters of the module before the declaration
_HEAD = 2_000  # of them from its beginning: imports and what is opened
_TYPE = 300  # characters of a premise's type
_PREMISES = 12
_DOC = re.compile(r"/--(?P<text>.*?)-/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asking:
    """How much an agent may ask for in one attempt: proofs at once or answers one by one, and their limits.

    With `repair`, an answer that Lean refuses is repaired without a model before another one is asked for.
    """

    samples: int = 8
    turns: int = 12
    repair: bool = True
    limits: Limits = field(default_factory=Limits)


async def told(task: Task, bench: Bench, *, premises: bool = True, about: str = "") -> dict[str, object]:
    """What a prompt may say of a task, by the names that the templates use.

    The premises are those for the goal `about`, or for the statement where none is given.
    """
    slot = task.slot
    stated = slot.source[slot.command : slot.body[0]].rstrip()
    doc = _DOC.match(stated)
    found = await bench.search(about or slot.statement, most=_PREMISES) if premises else ()
    return {
        "name": local_name(task),
        "outline": shortened(task.outline.strip(), _OUTLINE, _HEAD),
        "stated": stated,
        "doc": " ".join(doc["text"].split()) if doc else "",
        "lemmas": task.lemmas[:_PREMISES],
        "premises": [_line(premise) for premise in _usable(found, task)],
    }


def shortened(text: str, most: int, head: int = 0) -> str:
    """The text without its middle where it is too long; `head` characters at its beginning stay."""
    if len(text) <= most:
        return text
    gone = "\n[…]\n"
    tail = most - head - len(gone)
    return f"{text[:head]}{gone}{text[-tail:]}" if head else f"{text[: most - 1]}…"


def _usable(found: Sequence[Premise], task: Task) -> list[Premise]:
    return [p for p in found if p.importable and p.proved and p.name != task.declaration.name]


def _line(premise: Premise) -> str:
    return f"{premise.name} : {shortened(' '.join(premise.type.split()), _TYPE)}"
