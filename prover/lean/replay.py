"""Asks Lean's kernel again about compiled modules, in a process in which no code of theirs runs.

Elaboration can be told to leave the kernel out (`debug.skipKernelTC`), and whatever runs inside Lean can put constants
into an environment unchecked; both show in a replay. The embedded Lean is asked by `embedded/replay.js`, in a process
that stays warm and keeps what it has accepted; a native one by the `leanchecker` that official toolchains ship.
Says what the kernel said and nothing of what follows from it: that is the judge, the only caller.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import tempfile
from asyncio.subprocess import Process
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self, TypeAlias

import psutil

from prover.errors import CheckTimeout, ReplayFailed, WorkerDied
from prover.lean import process
from prover.lean.build import CompiledModule
from prover.lean.embedded.lean import Embedded
from prover.lean.name import Name
from prover.lean.native import Native, environ
from prover.lean.process import Command, Limits
from prover.lean.store import PARTS
from prover.lean.toolchain import Toolchain

Replay: TypeAlias = Literal["required", "optional"]  # where there is no kernel to ask: is nothing proved, or is it said

REPLAY = "--replay"  # what embedded/replay.js answers to
SECONDS = 120.0
MEMORY = 3 << 29  # resident bytes; about 600 MiB after the start
TAIL = 2000  # bytes of what a process said last, for an error message
FIRST_SOUND = (4, 34, 1)  # the first Lean without a known way to prove False
NO_KERNEL = "{} ships no leanchecker, so no kernel can be asked again about what it has compiled"
NO_KERNEL_REMEDY = 'choose a newer Lean, or say `replay = "optional"` in prover.toml'
FOUND = "found a problem in"  # leanchecker's words before the kernel's


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the kernel said when it was asked again.

    `kernel` is which one: `embedded-4.28.0-pre`, `leanchecker 4.34.1`. `constants` counts what was put to it;
    unsafe and partial ones never are. `refused` has the constants that it refused, and why in its own words; what
    mentions one of them is among them. `all_refused` is what a kernel says that does not tell which constants it means.
    """

    kernel: str
    constants: int
    refused: Mapping[Name, str] = field(default_factory=dict)
    all_refused: str = ""

    def against(self, names: Collection[Name]) -> str:
        """What it says against any of these constants; empty when it accepted all of them."""
        # In the order of replay, in which causes come before what follows from them.
        first = next((name for name in self.refused if name in names), None)
        return self.all_refused if first is None else f"{first}: {self.refused[first]}"


class Kernel(Protocol):
    """A kernel that can be asked; used as a context manager, which ends whatever it started."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def replay(self, modules: Sequence[CompiledModule]) -> Replayed:
        """What the kernel says about the modules: all of the project's that the last ones see, in dependency order.

        Raises a LeanError, and never answers, when the kernel could not be asked or ended without an answer:
        CheckTimeout at the wall limit, WorkerDied, ReplayFailed when it ran out of memory or depth; also
        ToolchainBroken, and ValueError when a module comes before one that it imports.
        """
        ...


def kernel_for(
    toolchain: Toolchain, reads: Sequence[Path], *, seconds: float = SECONDS, memory: int = MEMORY
) -> Kernel | None:
    """The kernel of that toolchain, for modules whose parts are below the folders `reads`; None when it ships none.

    `seconds` is the wall limit of one replay, `memory` how many resident bytes a warm process may keep.
    """
    if isinstance(toolchain, Embedded):
        return EmbeddedKernel(toolchain, reads, seconds=seconds, memory=memory)
    if isinstance(toolchain, Native) and (checker := toolchain.sysroot / "bin" / "leanchecker").is_file():
        return NativeKernel(toolchain, checker, seconds=seconds)
    return None


def warnings(version: str) -> tuple[str, ...]:
    """What is known against the kernel of that Lean version, a sentence each."""
    read = re.match(r"(\d+)\.(\d+)\.(\d+)(-.*)?$", version)
    if read and (tuple(map(int, read.groups()[:3])), read[4] is None) >= (FIRST_SOUND, True):
        return ()
    return (f"Kernels before Lean 4.34.1 have known bugs that prove False from unusual terms; this is Lean {version}.",)


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
        if self._process is None:
            return 0
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.NoSuchProcess:
            return 0

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


class NativeKernel:
    """`leanchecker` of a native toolchain, one process for each replay, in the toolchain's sandbox.

    It replays each module on top of its imports as compiled, so all the modules together have passed the kernel.
    """

    def __init__(self, toolchain: Native, checker: Path, *, seconds: float = SECONDS) -> None:
        self._toolchain = toolchain
        self._checker = checker
        self._seconds = seconds

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """There is nothing to end."""

    async def replay(self, modules: Sequence[CompiledModule]) -> Replayed:
        """See `Kernel.replay`."""
        await asyncio.to_thread(library_imports, modules)
        with tempfile.TemporaryDirectory() as folder:
            lean_path = Path(folder).resolve()
            await asyncio.to_thread(lay_out, modules, lean_path)
            words = (str(self._checker), *(module.name for module in modules))
            # Without LEAN_SYSROOT it would start `lean` to ask for it, and it may start no process.
            environment = {**environ(), "LEAN_PATH": str(lean_path), "LEAN_SYSROOT": str(self._toolchain.sysroot)}
            command = Command(words, environment, lean_path)
            confined = self._toolchain.sandbox.confine(command, reads=[self._toolchain.sysroot, lean_path])
            finished = await process.run(confined, limits=Limits(self._seconds))
        said = finished.stderr.decode(errors="replace").strip()[-TAIL:]
        if finished.returncode != 0 and FOUND not in said:
            raise ReplayFailed(f"leanchecker ended with code {finished.returncode}: {said or 'no word'}")
        constants = sum(len(module.read().constants) for module in modules)
        kernel, refused = f"leanchecker {self._toolchain.version}", said if finished.returncode else ""
        return Replayed(kernel, constants, all_refused=refused)


def library_imports(modules: Sequence[CompiledModule]) -> list[tuple[str | int, ...]]:
    """What the modules import that is not among them, as the components of names.

    Raises ValueError when a module comes before one that it imports, and OleanError.
    """
    names = {module.name for module in modules}
    seen: set[str] = set()
    outside: set[tuple[str | int, ...]] = set()
    for module in modules:
        imported = {str(entry.module): entry.module for entry in module.read().imports}
        if late := (imported.keys() & names) - seen:
            raise ValueError(f"{module.name} comes before {min(late)}, which it imports")
        outside |= {tuple(name) for text, name in imported.items() if text not in names}
        seen.add(module.name)
    return sorted(outside, key=str)


def lay_out(modules: Sequence[CompiledModule], folder: Path) -> None:
    """Copies the modules' parts to where LEAN_PATH would have them."""
    for module in modules:
        target = folder.joinpath(*module.name.split("."))
        target.parent.mkdir(parents=True, exist_ok=True)
        for part in module.parts:
            suffix = max((suffix for suffix in PARTS if part.name.endswith(suffix)), key=len)
            shutil.copyfile(part, target.with_name(target.name + suffix))
