"""Modules → oleans: each compiled once, in a fresh sandboxed process, in dependency order, cached by content.

A module's key is made of its source, the toolchain, and the interfaces (not the proofs) of all the modules of the
project that it sees, so that a proof changed below it does not compile it again. Says nothing about what was compiled:
the only answers are files, BuildFailed with Lean's first error and the places of all, or a LeanError when Lean itself
failed. Called by `prover.project` and by the judge.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path

from prover.errors import BuildFailed, LeanCrashed, ProjectError, ProverError, ResourceExhausted, unwrapped
from prover.lean.environment import Environment
from prover.lean.interface import interface_digest
from prover.lean.lake import Lake, has_lakefile, lake_build
from prover.lean.module import Module, read_module
from prover.lean.modules import Source, discover, settings
from prover.lean.packages import digest
from prover.lean.process import Finished, Limits, run
from prover.lean.store import CODE, INDEX, PARTS, STEM, Store, parts_in, take
from prover.lean.toolchain import Toolchain

INTERFACE = "interface"  # the file with the digest of what importers see
FORMAT = "1"  # to be raised whenever an entry holds something else, or the interface digest is over something else
PROCESSORS = 4  # that one Lean may keep busy all the time
LARGEST = 4 << 30  # bytes of one file that it may write
PLACES = 100  # errors of one module that are looked at
# What Lean, its C++ library and Node say before they end for lack of memory or stack; none is an answer to the source.
EXHAUSTED = re.compile(
    r"out of memory|bad_alloc|exponent is too big|stack overflow|maximum call stack size", re.IGNORECASE
)
RAISE_LIMIT = "give builds more with build_gib in prover.toml, or make the proof smaller"
Progress = Callable[[int, int], None]  # modules ready, modules in all


def nobody(ready: int, total: int) -> None:
    """The progress of a build that nobody watches."""


@dataclass(frozen=True, slots=True)
class CompiledModule:
    """A module with its compiled parts, in the order in which they are read. `sees` are the project's modules that it
    imports, directly or not, with their interfaces."""

    source: Source
    parts: tuple[Path, ...]
    key: str
    interface: str
    sees: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.source.name

    def public(self) -> Module:
        """What importers see of it. Raises OleanError."""
        return _read(self.parts[:1])

    def read(self) -> Module:
        """What was compiled; kept for those who ask next, since an entry never changes. Raises OleanError."""
        return _read(self.parts)


@lru_cache(maxsize=256)
def _read(parts: tuple[Path, ...]) -> Module:
    return read_module(parts)


@dataclass(frozen=True)
class Build:
    """A project's modules in dependency order; `library` is the LEAN_PATH folder that has them all.

    `settings` are digests of the files beside the sources that say how the project is built or judged.
    """

    modules: Mapping[str, CompiledModule]
    library: Path
    settings: Mapping[str, str]

    @cached_property
    def environment(self) -> Environment:
        """The constants of all its modules. Raises OleanError."""
        return Environment({name: module.read() for name, module in self.modules.items()})


class Builder:
    """Compiles projects with one toolchain into one cache; `seconds` (wall) and `memory` (bytes) are limits of one
    module."""

    def __init__(
        self, toolchain: Toolchain, cache: Path, *, jobs: int = 2, seconds: float = 120.0, memory: int = 8 << 30
    ) -> None:
        self.toolchain = toolchain
        self.cache = cache
        self._store = Store(cache)
        self._jobs = asyncio.Semaphore(jobs)
        self._limits = Limits(seconds, memory, processor=math.ceil(seconds * PROCESSORS), file=LARGEST)
        self._packages = [digest(toolchain.packages)] if toolchain.packages else []
        self.compiled = 0  # how many modules Lean has compiled for us

    async def build(self, root: Path, progress: Progress = nobody) -> Build:
        """Raises what `discover` raises, BuildFailed, ResourceExhausted, LeanCrashed, OleanError or ToolchainBroken."""
        sources, files = discover(root), settings(root)
        lake = await self._lake(root, sources)
        library = self._store.tree(self._digest(*(s.name + "\0" + s.text for s in sources.values())))
        tasks: dict[str, asyncio.Task[CompiledModule | None]] = {}
        failed: dict[str, BuildFailed] = {}
        progress(0, len(sources))
        try:
            async with asyncio.TaskGroup() as group:
                for source in sources.values():
                    imported = [tasks[name] for name in source.imports]
                    tasks[source.name] = group.create_task(self._module(source, imported, failed, library, lake))
                    tasks[source.name].add_done_callback(
                        lambda _: progress(sum(map(_succeeded, tasks.values())), len(sources))
                    )
        except ExceptionGroup as errors:  # Lean failed us side by side, and once is enough to say
            raise unwrapped(errors) from None
        if failed:
            raise _together([failed[name] for name in sources if name in failed])
        done = {name: module for name, task in tasks.items() if (module := task.result()) is not None}
        return Build(done, library, files)

    async def _module(
        self,
        source: Source,
        imported: Sequence[asyncio.Task[CompiledModule | None]],
        failed: dict[str, BuildFailed],
        library: Path,
        lake: Lake | None,
    ) -> CompiledModule | None:
        """The compiled module; None when it is in `failed` from now on, or sees one that is: others go on."""
        try:
            below = [await task for task in imported]
            seen = [module for module in below if module is not None]
            return await self._compiled(source, seen, library, lake) if len(seen) == len(below) else None
        except BuildFailed as error:
            failed[source.name] = error
            return None

    async def _compiled(
        self, source: Source, imported: Sequence[CompiledModule], library: Path, lake: Lake | None
    ) -> CompiledModule:
        sees: dict[str, str] = {}
        for module in imported:
            seen = module.key if module.name in source.whole else module.interface
            sees |= {**module.sees, module.name: seen}
        seen_digests = (f"{name}={digest}" for name, digest in sorted(sees.items()))
        key = self._digest(source.name, source.text, lake.settings if lake else "", *seen_digests)
        entry = self._store.find(key)
        if entry is None:
            async with self._jobs:
                entry = await self._compile(source, key, library, lake)
        self._store.place(entry, library, source.name)
        interface = (entry / INTERFACE).read_text(encoding="ascii")
        return CompiledModule(source, parts_in(entry), key, interface, sees)

    async def _compile(self, source: Source, key: str, library: Path, lake: Lake | None) -> Path:
        with self._store.scratch() as out:
            if lake is None:
                await self._run(source, library, out)
            else:
                lake.copy(source.path, out)
            self.compiled += 1
            code = out / f"{STEM}{CODE}"
            digest = interface_digest(parts_in(out), code if code.exists() else None)
            (out / INTERFACE).write_text(digest, encoding="ascii")
            return self._store.keep(out, key)

    async def _run(self, source: Source, library: Path, out: Path) -> None:
        with self._store.scratch() as sources, self._store.scratch() as written:
            # Lean reads what the key was made of, not what may have become of the file in the meantime.
            file = sources / source.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source.text, encoding="utf-8", newline="")
            stem = written.resolve() / STEM
            words = ("--json", "-R", sources, "-o", f"{stem}{PARTS[0]}", "-i", f"{stem}{INDEX}", file)
            command = self.toolchain.command(words, lean_path=[library], reads=[sources], writes=[written])
            finished = await run(command, limits=self._limits)
            take(written, STEM, out)
            if finished.returncode != 0 or not parts_in(out):
                raise _failure(source, finished)

    async def _lake(self, root: Path, sources: Mapping[str, Source]) -> Lake | None:
        """What lake made of the project, where it has a lakefile and the toolchain has lake."""
        if self.toolchain.lake is None or not has_lakefile(root):
            return None
        limits = replace(self._limits, seconds=self._limits.seconds * len(sources))
        lake = await lake_build(self.toolchain.lake, root, sources, limits)
        if discover(root) != sources:
            raise ProjectError(f"the sources in {root} changed while they were compiled", "run the command again")
        return lake

    def _digest(self, *texts: str) -> str:
        pieces = (FORMAT, self.toolchain.name, self.toolchain.version, *self._packages, *texts)
        return sha256(b"".join(len(data := piece.encode()).to_bytes(8, "big") + data for piece in pieces)).hexdigest()


def _succeeded(task: asyncio.Task[CompiledModule | None]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None and task.result() is not None


def _together(failed: Sequence[BuildFailed]) -> BuildFailed:
    """What is to be said when these modules do not compile: the first one's error, and everyone's places."""
    places = tuple(place for error in failed for place in error.places)
    said = tuple(words for error in failed for words in error.said)
    return BuildFailed(str(failed[0]), failed[0].remedy, places=places, said=said)


def _failure(source: Source, finished: Finished) -> ProverError:
    """BuildFailed with Lean's first error; without one ResourceExhausted or LeanCrashed, with Lean's last words."""
    if errors := [*islice(_errors(source, finished.stdout.decode(errors="replace")), PLACES)]:
        first = dict(reversed(errors))
        places = tuple((source.name, line) for line in first)
        remedy = "mend the module; the project must compile before a run"
        return BuildFailed(errors[0][1], remedy, places=places, said=tuple(first.values()))
    words = " ".join(finished.stderr.decode(errors="replace").split())
    if (said := EXHAUSTED.search(words)) is not None:
        return ResourceExhausted(f"Lean ran out of memory while compiling {source.path}: {said[0]}", RAISE_LIMIT)
    last = words[-200:] or "no word"
    return LeanCrashed(f"Lean ended with code {finished.returncode} while compiling {source.path}: {last}")


def _errors(source: Source, printed: str) -> Iterator[tuple[int, str]]:
    """Lean's errors: the line, from 0, and what is wrong at which place, in a line."""
    for line in printed.splitlines():
        try:
            message = json.loads(line)
            if message["severity"] == "error":
                place = message["pos"]
                first = message["data"].strip().splitlines()[0]
                yield place["line"] - 1, f"{source.path}:{place['line']}:{place['column'] + 1}: {first}"
        except (ValueError, KeyError, TypeError, IndexError):
            continue  # not one of Lean's messages: whatever the module printed while it was compiled
