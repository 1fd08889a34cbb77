"""Find a Lean. A toolchain is a `lean` command, with its version and its library.

The embedded Lean and a native one (elan, or a path) differ in how they are found and in how their command is put
together, in nothing else: whoever runs Lean asks the toolchain for a `Command` and never looks at which kind it is.
Called by whatever starts a run; `prover toolchain` shows the same to the user.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from prover.errors import ToolchainError
from prover.lean import native
from prover.lean.embedded import installation
from prover.lean.process import Command
from prover.lean.sandbox import Choice

EMBEDDED = "lemmaworks/embedded:"  # what the lean-toolchain of a project for the embedded Lean starts with


class Toolchain(Protocol):
    """A Lean that can be started. Values, never changed: two with the same fields are the same toolchain."""

    @property
    def name(self) -> str:
        """`embedded-4.28.0-pre`, `elan:leanprover/lean4:v4.28.0` or `path:/opt/lean/bin/lean`."""
        ...

    @property
    def version(self) -> str:
        """Lean's own version, as in `4.28.0-pre`."""
        ...

    @property
    def library(self) -> Path:
        """The folder with `Init.olean`."""
        ...

    @property
    def lake(self) -> native.LakeProgram | None:
        """The `lake` beside it, if it has one that runs."""
        ...

    @property
    def packages(self) -> tuple[Path, ...]:
        """Folders with compiled modules of others, Mathlib's say, that every command may import."""
        ...

    def command(
        self,
        arguments: Sequence[str | Path],
        *,
        lean_path: Sequence[Path] = (),
        reads: Sequence[Path] = (),
        writes: Sequence[Path] = (),
        cwd: Path | None = None,
    ) -> Command:
        """`lean ARGUMENTS`, ready for `prover.lean.process`.

        `lean_path` are folders with compiled modules, searched after the library. `reads` and `writes` are further
        existing folders that this process needs; where the toolchain is sandboxed, nothing else exists inside it.
        `cwd` is readable, and is the library where none is given. An argument that is a `Path` is made absolute
        and free of symbolic links, as it must be inside the sandbox; a `str` is passed as it is.
        """
        ...


def find(project: Path | None = None, choice: str | None = None, confined_by: Choice = "auto") -> Toolchain:
    """The toolchain of that choice; without one, the toolchain that fits the project.

    `choice` is `embedded`, `elan:NAME` or `path:FILE`. Without a choice it is what the project's `lean-toolchain`
    names, where elan has that; otherwise the embedded one. A project that was written for the embedded Lean
    says so in its `lean-toolchain`: `lemmaworks/embedded:4.28.0-pre`.
    `confined_by` is for a native Lean; the embedded one has a sandbox of its own.
    Raises ToolchainError when it is not installed or cannot be confined, and ToolchainBroken when it is damaged or does
    not start.
    """
    if choice is None:
        return _fitting(_wanted(project), confined_by)
    kind, _, name = choice.partition(":")
    if choice == "embedded":
        return _embedded()
    if kind == "path" and name:
        return native.at_path(Path(name).expanduser(), confined_by=confined_by)
    if kind == "elan" and name:
        if (found := native.of_elan(name, confined_by)) is None:
            raise ToolchainError(f"elan has no toolchain {name}", f"run `elan toolchain install {name}`")
        return found
    raise ToolchainError(f"{choice!r} names no toolchain", "say embedded, elan:NAME or path:FILE")


def installed() -> list[Toolchain]:
    """Every toolchain that works; `prover toolchain doctor` says what is wrong with the others."""
    found: list[Toolchain] = []
    with suppress(ToolchainError):
        found.append(_embedded())
    for name in native.elan_names():
        with suppress(ToolchainError):
            found.append(native.at_path(native.elan_folder(name) / "bin" / "lean", f"elan:{name}"))
    return found


def _wanted(project: Path | None) -> str:
    """What the project's `lean-toolchain` says; empty where there is none."""
    file = project / "lean-toolchain" if project else None
    return file.read_text(encoding="utf-8").strip() if file and file.is_file() else ""


def _fitting(wanted: str, confined_by: Choice) -> Toolchain:
    if wanted.startswith(EMBEDDED):
        lean = _embedded()
        if lean.version != wanted.removeprefix(EMBEDDED):
            raise ToolchainError(
                f"the project asks for {wanted}, the embedded Lean is {lean.version}",
                "change the project's lean-toolchain, or choose with --toolchain",
            )
        return lean
    return (native.of_elan(wanted, confined_by) if wanted else None) or _embedded()


def _embedded() -> Toolchain:
    if (lean := installation.find(installation.home())) is None:
        raise ToolchainError("the embedded Lean is not installed", "run `prover toolchain install`")
    return lean
