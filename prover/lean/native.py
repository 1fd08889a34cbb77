"""A Lean of the machine's own: one that elan has installed, or one at a path.

Nothing is installed here; elan is the tool for that. A native Lean is asked for its version and library before it is
used, so that one that does not start is found out with one line and not in the middle of a run. From then on it runs in
a sandbox: elaborating a proof executes what its author wrote. Called by the toolchain's search.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prover.errors import ResourceExhausted, ToolchainBroken
from prover.lean.process import Command, Limits, run_blocking
from prover.lean.sandbox import NOWHERE, Choice, Sandbox, find

ANSWER = Limits(seconds=20, output=1 << 16)  # a Lean that is asked for its version
PASSED_ON = ("PATH", "HOME", "ELAN_HOME", "LANG", "TMPDIR")
VERSION = re.compile(r"Lean \(version ([^,\s)]+)")


@dataclass(frozen=True, slots=True)
class LakeProgram:
    """The `lake` beside a native Lean, the toolchain's folder, and what confines it."""

    executable: Path
    sysroot: Path
    sandbox: Sandbox

    def command(self, words: Sequence[str], root: Path) -> Command:
        """`lake WORDS` in the project at `root`, which it reads; it writes to the project's `.lake` alone.

        That folder must exist.
        """
        root = root.resolve()
        command = Command((str(self.executable), *words), environ(), root)
        reads, writes = (root, self.executable, self.sysroot), (root / ".lake",)
        return self.sandbox.confine(command, reads=reads, writes=writes, processes=True)


@dataclass(frozen=True, slots=True)
class Native:
    """The `lean` at `executable`, under the name that it was asked for by."""

    name: str
    version: str
    library: Path
    executable: Path
    sandbox: Sandbox
    packages: tuple[Path, ...] = ()

    @property
    def sysroot(self) -> Path:
        """The toolchain's folder, in which the library is `lib/lean`."""
        return self.library.resolve().parent.parent

    @property
    def lake(self) -> LakeProgram | None:
        """The `lake` beside it."""
        lake = self.executable.with_name("lake")
        return LakeProgram(lake, self.sysroot, self.sandbox) if lake.is_file() else None

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
        lean_path = (*lean_path, *self.packages)
        path = os.pathsep.join(str(folder.resolve()) for folder in lean_path)
        words = (str(a.resolve()) if isinstance(a, Path) else a for a in arguments)
        # A worker would ask lake, whose process it may not start, how the project of its document is set up.
        environment = {**environ(), "LEAN_PATH": path, "LAKE": NOWHERE}
        work = (cwd or self.library).resolve()
        visible = [self.executable, self.sysroot, work, *lean_path, *reads]
        command = Command((str(self.executable), *words), environment, work)
        return self.sandbox.confine(command, reads=visible, writes=writes)


def at_path(executable: Path, name: str = "", confined_by: Choice = "auto") -> Native:
    """The Lean at that path.

    Raises ToolchainBroken when it is not one or does not start, ToolchainError when it cannot be confined.
    """
    name = name or f"path:{executable.absolute()}"
    executable = executable.absolute()
    if not os.access(executable, os.X_OK):
        raise broken(executable, "there is no such program")
    said = _ask(executable, "--version")
    if (version := VERSION.search(said)) is None:
        raise broken(executable, f"`lean --version` says {said[:60]!r}")
    library = Path(_ask(executable, "--print-libdir"))
    if not (library / "Init.olean").is_file():
        raise broken(executable, f"its library {library} has no Init.olean")
    # elan's stand-in would look for its settings at home; the program behind it needs none.
    behind = library.resolve().parent.parent / "bin" / "lean"
    return Native(name, version[1], library, behind if behind.is_file() else executable, find(confined_by))


def of_elan(name: str, confined_by: Choice = "auto") -> Native | None:
    """The toolchain that elan has under that name, or None. Raises what `at_path` raises."""
    for folder in (elan_folder(name), elan_folder(f"leanprover/lean4:{name}")):
        if (executable := folder / "bin" / "lean").is_file():
            return at_path(executable, f"elan:{name}", confined_by)
    return None


def elan_names() -> list[str]:
    """The toolchains that elan has, by the names that `lean-toolchain` files use."""
    folders = sorted(elan_folder("").iterdir()) if elan_folder("").is_dir() else []
    return [f.name.replace("---", ":").replace("--", "/") for f in folders if (f / "bin" / "lean").is_file()]


def elan_folder(name: str) -> Path:
    """Where elan keeps the toolchain of that name: `:` is written `---` and `/` is written `--`."""
    home = Path(os.environ.get("ELAN_HOME") or Path.home() / ".elan")
    return home / "toolchains" / name.replace(":", "---").replace("/", "--")


def environ() -> dict[str, str]:
    """What of our environment a native Lean gets."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def broken(executable: Path, detail: str) -> ToolchainBroken:
    return ToolchainBroken(
        f"{executable} is no working Lean: {detail}", "run `prover toolchain list` for the ones there are"
    )


def _ask(executable: Path, question: str) -> str:
    """What `lean QUESTION` prints, on one line. Unconfined: nobody's proof runs, and elan's stand-in needs its home."""
    try:
        finished = run_blocking(Command((str(executable), question), environ()), limits=ANSWER)
    except ResourceExhausted as error:
        raise broken(executable, f"`lean {question}`: {error}") from error
    if finished.returncode != 0:
        last = finished.stderr.decode(errors="replace").strip().split("\n")[-1]
        raise broken(executable, f"`lean {question}` ends with {finished.returncode} {last}".rstrip())
    return finished.stdout.decode(errors="replace").strip().split("\n")[0]
