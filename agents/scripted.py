"""An agent that answers from a file: for tests, demonstrations and hand-written proofs.

The file is TOML, one body per declaration, as it would stand in the slot:

    "Numbers.sum_succ" = ":= by rfl"

A list of them is answered one by one, attempt after attempt; when it is used up the agent has nothing to say. In place
of a body there may be a table of what an attempt consists of:

    "Numbers.all" = { body = ":= Numbers.all.helper.one", helpers = "theorem all.helper.one …", splits = true }
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from agents.base import Bench, GaveUp
from prover.errors import ConfigError
from prover.model import Attempt, Task


class Answer(BaseModel):
    """One entry of a script; its fields are those of an attempt."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    body: str
    helpers: str = ""
    splits: bool = False


class Scripted:
    """Proposes what its script says, in order; checks nothing.

    The k-th entry is for the k-th attempt of this agent at a declaration. How many there have been is told by the task:
    a run that is resumed goes on where it was.
    """

    name = "scripted"

    def __init__(self, script: Mapping[str, Sequence[str | Answer]]) -> None:
        self._script = {name: [_answer(entry) for entry in entries] for name, entries in script.items()}
        self.tries = max([1, *map(len, self._script.values())])

    @classmethod
    def from_file(cls, path: Path) -> Scripted:
        """Reads the script; raises ConfigError when the file is missing or not of the shape above."""
        remedy = "give a TOML file of declaration = body"
        try:
            entries = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"cannot read the script {path}: {error}", remedy) from error
        several = {name: value if isinstance(value, list) else [value] for name, value in entries.items()}
        return cls({name: [_read(path, name, value) for value in values] for name, values in several.items()})

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        answers = self._script.get(task.declaration.name, [])
        over = sum(tried.agent == self.name for tried in task.earlier)
        if over >= len(answers):
            return GaveUp("the script has no answer")
        answer = answers[over]
        history = ("answered from the script",)
        return Attempt(task.declaration.name, self.name, answer.body, history, answer.helpers, answer.splits)


def _answer(entry: str | Answer) -> Answer:
    return Answer(body=entry) if isinstance(entry, str) else entry


def _read(path: Path, name: str, value: object) -> Answer:
    """An entry as it stands in the file."""
    try:
        answer = Answer.model_validate(value if isinstance(value, dict) else {"body": value})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise ConfigError(f'{path}: "{name}": {key}: {first["msg"]}', "give a body, or a table with one") from error
    if not answer.body.lstrip().startswith(":="):
        raise ConfigError(f'{path}: the body of "{name}" does not start with `:=`', "write it as it stands in the slot")
    return answer
