"""What it means to ask Lean's kernel again about compiled modules, in a process in which no code of theirs runs.

Elaboration can be told to leave the kernel out (`debug.skipKernelTC`), and whatever runs inside Lean can put constants
into an environment unchecked; both show in a replay. The kernels themselves are `prover.lean.embedded.kernel` and
`prover.lean.leanchecker`. They say what the kernel said and nothing of what follows from it: that is for the judge.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Protocol, Self, TypeAlias

from prover.lean.build import CompiledModule
from prover.lean.name import Name

Replay: TypeAlias = Literal["required", "optional"]  # where there is no kernel to ask: is nothing proved, or is it said

SECONDS = 120.0
MEMORY = 3 << 29  # resident bytes; about 600 MiB after the start
FIRST_SOUND = (4, 34, 1)  # the first Lean without a known way to prove False


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


def warnings(version: str) -> tuple[str, ...]:
    """What is known against the kernel of that Lean version, a sentence each."""
    read = re.match(r"(\d+)\.(\d+)\.(\d+)(-.*)?$", version)
    if read and (tuple(map(int, read.groups()[:3])), read[4] is None) >= (FIRST_SOUND, True):
        return ()
    return (f"Kernels before Lean 4.34.1 have known bugs that prove False from unusual terms; this is Lean {version}.",)


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
