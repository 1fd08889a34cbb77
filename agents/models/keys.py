"""The keys of the servers: from the environment, or else from the project's `.env`.

A key is read once, handed to the one client that needs it, and put nowhere else: not into this process's environment,
not into a log, not into an error. Which variable is whose, is written here; that one is missing or cannot be a key,
`agents.models.faults` says before anything is sent. `agents.models.registry` asks.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from agents.models.naming import Name
from prover.errors import ConfigError

VARIABLES = {
    "anthropic": "ANTHROPIC_API_KEY",
    "anthropic-batch": "ANTHROPIC_API_KEY",
    "openai": "OPENAI_API_KEY",
    "vllm": "VLLM_API_KEY",
}
FILE = ".env"


class Keys:
    """The variables that hold keys, by name; it prints none of them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    @classmethod
    def of(cls, project: Path, environ: Mapping[str, str], is_tracked: Callable[[Path], bool]) -> Self:
        """What the environment sets counts; `.env` fills the gaps, and is not read where there are none.

        Raises ConfigError where `.env` cannot be read, and where git tracks it: then every worktree has the keys.
        """
        names = set(VARIABLES.values())
        found = {name: environ[name].strip() for name in names if environ.get(name, "").strip()}
        path = project / FILE
        written = _read(path, is_tracked) if names - found.keys() and path.exists() else {}
        return cls({**{name: written[name] for name in names & written.keys()}, **found})

    def key(self, name: Name) -> str | None:
        """The key for that model's server: empty where it is missing, None where there need not be one.

        A server of the user's own may do without, so what it gets is what there is.
        """
        key = self._values.get(VARIABLES[name.provider], "")
        own = name.provider == "vllm" or (name.provider == "openai" and name.url is not None)
        return None if own and not key else key


def _read(path: Path, is_tracked: Callable[[Path], bool]) -> dict[str, str]:
    if is_tracked(path):
        raise ConfigError(
            f"git tracks {path}, so its keys are in every worktree",
            f"run `git rm --cached {FILE}`, add it to .gitignore, commit, and change the keys if others saw them",
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError(f"cannot read {path}: {why}", "mend the file or remove it") from None
    for binding in parse_stream(io.StringIO(text)):
        if binding.error:  # dotenv_values would skip the line, and with it perhaps the key
            line = binding.original.line
            raise ConfigError(f"{path}: line {line} is not NAME=VALUE", "mend the line")
    values = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {name: value.strip() for name, value in values.items() if value and value.strip()}
