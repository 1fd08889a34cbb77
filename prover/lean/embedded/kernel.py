"""The kernel of the embedded Lean, asked again: `embedded/replay.js` in a process that stays warm.

Says what the kernel said; a crash, a timeout or a word that is no answer raises. Made by `prover.lean.kernels`.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from prover.errors import CheckTimeout, ReplayFailed, WorkerDied
from prover.lean import process
from prover.lean.build import CompiledModule
from prover.lean.name import Name
from prover.lean.replay import MEMORY, SECONDS, Replayed, library_imports
from prover.lean.toolchain import Toolchain

REPLAY = "--replay"  # what embedded/replay.js answers to
TAIL = 2000  # bytes of what the process said last, for an error message


class EmbeddedKernel:
    """The kernel of the embedded Lean, in one process that answers request after request.

    The process starts with the first request, and again after one that it did not answer, that was cancelled, or that
    left it with more than `memory`. What it has accepted it keeps, by the digests of the modules' files, so that
    only what has changed, and what stands after it, is put to the kernel again.
    """

    def __init__(
        self, toolchain: Toolchain, reads: Sequence[Path], *, seconds: float = SECONDS, memory: int = MEMORY
    ) -> None:
        self._name = toolchain.name
        self._command = toolchain.command([REPLAY], reads=reads)
        self._seconds = seconds
        self._memory = memory
        self._process: Process | None = None
        self._turn = asyncio.Semaphore(1)
        self._request = 0
        self.starts = 0

    async def __aenter__(self) -> Self:
        with ExitStack() as resources:
            self._errors = resources.enter_context(tempfile.TemporaryFile())
            self._resources = resources.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()
        self._resources.close()

    async def replay(self, modules: Sequence[CompiledModule]) -> Replayed:
        """See `Kernel.replay`."""
        imports = await asyncio.to_thread(library_imports, modules)
        parts = [{"parts": [str(part.resolve()) for part in module.parts]} for module in modules]
        async with self._turn:
            answer = await self._ask({"imports": imports, "modules": parts})
        if failed := answer.get("failed"):
            raise ReplayFailed(f"Lean's kernel gave no answer: {failed}")
        refused = {_name(parts): why for parts, why in answer["refused"]}
        # A name that is misread would be taken for an acceptance of the one that was meant.
        if foreign := refused.keys() - {name for module in modules for name in module.read().constants}:
            raise ReplayFailed(f"Lean's kernel speaks of {min(foreign, key=str)}, which is in none of the modules")
        return Replayed(self._name, answer["replayed"], refused)

    async def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to the request; a process that owes one, or has grown too large, is ended."""
        self._request += 1
        line = json.dumps({"id": self._request, **request}).encode() + b"\n"
        answer: dict[str, Any] = {}
        try:
            async with asyncio.timeout(self._seconds):
                answer = self._read(await self._line(line))
        except TimeoutError as error:
            raise CheckTimeout(f"the kernel gave no answer within {self._seconds:g} seconds") from error
        finally:
            if "refused" not in answer or self.memory() > self._memory:
                await self._end()
        return answer

    async def _line(self, line: bytes) -> bytes:
        if self._process is None or self._process.returncode is not None:
            await self._end()
            self._process = await process.start(self._command, stderr=self._errors.fileno())
            self.starts += 1
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(line)
            await self._process.stdin.drain()
            return await self._process.stdout.readline()
        except (ConnectionError, ValueError) as error:  # it is gone, or its line has no end
            raise WorkerDied(f"the kernel's process broke off: {error}{self._last_words()}") from error

    def _read(self, line: bytes) -> dict[str, Any]:
        """The answer, which has the shape that `embedded/replay.js` promises. Raises WorkerDied."""
        try:
            answer: dict[str, Any] = json.loads(line)
            match answer:
                case {"id": self._request, "replayed": int(), "refused": list()} | {
                    "id": self._request,
                    "failed": str(),
                }:
                    return answer
        except ValueError:
            pass
        what = f"said {line[:60]!r} instead of an answer" if line else "ended without an answer"
        raise WorkerDied(f"the kernel's process {what}{self._last_words()}")

    def memory(self) -> int:
        """Resident bytes of the process; 0 when there is none."""
        return process.resident(self._process)

    async def _end(self) -> None:
        if self._process is not None:
            await process.end(self._process)
            self._process = None

    def _last_words(self) -> str:
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - TAIL))
        said = self._errors.read().decode(errors="replace").strip()
        return f"; it said: {said}" if said else ""


def _name(parts: list[str | list[str]]) -> Name:
    """A name as `embedded/replay.js` writes it: its components, a numeral as the only element of a list."""
    return Name(int(part[0]) if isinstance(part, list) else part for part in parts)
