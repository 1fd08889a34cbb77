"""A run's events as JSON lines, for whoever wants to watch it from outside: `prover run --events`.

One object a line, written at once. It keeps nothing: the journal does. Whoever reads may go away at any time, and the
run goes on without it. Made by the command line, called by the run with every event.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from prover.errors import ConfigError
from prover.journal import Event

_STDOUT = "-"


class Stream(AbstractContextManager["Stream"]):
    """Call it with every event. Lines go to the file descriptor at once and whole: no buffer is left behind to fail."""

    def __init__(self, descriptor: int, name: str) -> None:
        self._descriptor = descriptor
        self._name = name
        self.heard = True  # somebody may still be reading

    @classmethod
    def to(cls, where: str) -> Self:
        """`-` is stdout; anything else is a file, made or appended to. ConfigError when it cannot be written."""
        if where == _STDOUT:
            sys.stdout.flush()
            return cls(os.dup(sys.stdout.fileno()), "stdout")
        try:
            return cls(os.open(where, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), where)
        except OSError as error:
            message = f"cannot write events to {where}: {error.strerror}"
            raise ConfigError(message, "choose another file, or `-` for stdout") from error

    def __call__(self, event: Event) -> None:
        """Writes one line; after the reader of a pipe has gone, nothing. ConfigError when the disk refuses."""
        if not self.heard:
            return
        line = json.dumps(event.as_json(), ensure_ascii=False).encode() + b"\n"
        try:
            while line:
                line = line[os.write(self._descriptor, line) :]
        except BrokenPipeError:
            self.heard = False
        except OSError as error:
            message = f"cannot write events to {self._name}: {error.strerror}"
            raise ConfigError(message, "free the disk and resume; the journal has every event") from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
