"""An agent that answers from a file: for tests, demonstrations and hand-written proofs.

The file is TOML, one body per declaration, as it would stand in the slot:

    "Numbers.sum_succ" = ":= by rfl"

A list of bodies is answered one by one, attempt after attempt; when it is used up the agent has nothing to say.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from agents.base import Bench, GaveUp
from prover.errors import ConfigError
from prover.model import Attempt, Task


class Scripted:
    """Proposes what its script says, in order; checks nothing."""

    name = "scripted"

    def __init__(self, script: dict[str, list[str]]) -> None:
        self._left = {declaration: list(bodies) for declaration, bodies in script.items()}

    @classmethod
    def from_file(cls, path: Path) -> Scripted:
        """Reads the script; raises ConfigError when the file is missing or not of the shape above."""
        try:
            entries = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(
                f"cannot read the script {path}: {error}", "give a TOML file of declaration = body"
            ) from error
        return cls({name: _bodies(path, name, value) for name, value in entries.items()})

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        bodies = self._left.get(task.declaration.name)
        if not bodies:
            return GaveUp("the script has no answer")
        return Attempt(task.declaration.name, self.name, bodies.pop(0), ("answered from the script",))


def _bodies(path: Path, name: str, value: object) -> list[str]:
    several = value if isinstance(value, list) else [value]
    bodies = [body for body in several if isinstance(body, str) and body.lstrip().startswith(":=")]
    if len(bodies) < len(several):
        raise ConfigError(f'{path}: the body of "{name}" does not start with `:=`', "write it as it stands in the slot")
    return bodies
