"""The kernel of a native Lean, asked again by the `leanchecker` that official toolchains ship.

One process for each replay, in the toolchain's sandbox. It does not tell which constants it refuses, so a refusal
counts against all that was asked about. Made by `prover.lean.kernels`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from prover.errors import ReplayFailed
from prover.lean import process
from prover.lean.build import CompiledModule
from prover.lean.native import Native, environ
from prover.lean.process import Command, Limits
from prover.lean.replay import SECONDS, Replayed, library_imports
from prover.lean.store import PARTS

FOUND = "found a problem in"  # leanchecker's words before the kernel's
TAIL = 2000  # bytes of what it said last, for an error message


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
            folders = [lean_path, *(package.resolve() for package in self._toolchain.packages)]
            path = os.pathsep.join(map(str, folders))
            environment = {**environ(), "LEAN_PATH": path, "LEAN_SYSROOT": str(self._toolchain.sysroot)}
            command = Command(words, environment, lean_path)
            confined = self._toolchain.sandbox.confine(command, reads=[self._toolchain.sysroot, *folders])
            finished = await process.run(confined, limits=Limits(self._seconds))
        said = finished.stderr.decode(errors="replace").strip()[-TAIL:]
        if finished.returncode != 0 and FOUND not in said:
            raise ReplayFailed(f"leanchecker ended with code {finished.returncode}: {said or 'no word'}")
        constants = sum(len(module.read().constants) for module in modules)
        kernel, refused = f"leanchecker {self._toolchain.version}", said if finished.returncode else ""
        return Replayed(kernel, constants, all_refused=refused)


def lay_out(modules: Sequence[CompiledModule], folder: Path) -> None:
    """Copies the modules' parts to where LEAN_PATH would have them."""
    for module in modules:
        target = folder.joinpath(*module.name.split("."))
        target.parent.mkdir(parents=True, exist_ok=True)
        for part in module.parts:
            suffix = max((suffix for suffix in PARTS if part.name.endswith(suffix)), key=len)
            shutil.copyfile(part, target.with_name(target.name + suffix))
