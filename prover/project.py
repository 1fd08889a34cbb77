"""A commit of the Lean project, compiled and read: its declarations, its plan, and the graph of both.

Brings build, compiled data, sources and blueprint together into one value, the Survey; finds and fills slots in it.
Decides nothing. Called by the run, the merge queue and the commands that only look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from prover.blueprint import reader
from prover.blueprint.plan import Blueprint
from prover.config import Config
from prover.errors import SlotError
from prover.graph import DeclarationGraph
from prover.lean import cache, toolchain
from prover.lean.build import Build, Builder, Progress, nobody
from prover.lean.declarations import declarations
from prover.lean.packages import with_packages
from prover.lean.source import find_slot
from prover.model import Declaration, Kind, Slot

NO_PLAN = Blueprint({})
NONE: Mapping[str, str] = MappingProxyType({})


def write(root: Path, texts: Mapping[Path, str]) -> None:
    """Puts sources, by their paths in the project, into the project at `root`."""
    for path, text in texts.items():
        (root / path).write_bytes(text.encode())


# A module's text stays the same while others change, and to find a slot means to read the module's tokens.
_slot = lru_cache(maxsize=1 << 15)(find_slot)


@dataclass(frozen=True)
class Survey:
    """The project at one commit."""

    build: Build
    blueprint: Blueprint
    declarations: Mapping[str, Declaration]
    graph: DeclarationGraph

    def theorems(self) -> frozenset[str]:
        """The names of the theorems."""
        return frozenset(name for name, d in self.declarations.items() if d.kind is Kind.THEOREM)

    def figures(self) -> dict[str, Any]:
        """How many declarations and theorems there are, and which theorems are open."""
        theorems = self.theorems()
        still_open = sorted(self.graph.open() & theorems)
        return {"declarations": len(self.declarations), "theorems": len(theorems), "open": still_open}

    def slot(self, name: str) -> Slot:
        """Where the declaration stands in its source; raises SlotError when it has no body that could be filled."""
        declaration = self.declarations[name]
        text = self.build.modules[declaration.module].source.text
        return _slot(text, declaration.position, name, declaration.end)

    def outline(self, name: str) -> str:
        """The module's text before the declaration's command, with `sorry` for the proofs of the theorems in it.

        Proofs by `rfl` stay: they are quick, and `dsimp` uses a theorem only when it has one. So does what stands in no
        slot of its own: it comes from a macro, say.
        """
        slot, module = self.slot(name), self.declarations[name].module
        pieces, at = [], 0
        for start, end in self._bodies(module):
            if end <= slot.command and slot.source[start:end].split()[-1] != "rfl":
                pieces += [slot.source[at:start], ":= sorry"]
                at = end
        return "".join(pieces) + slot.source[at : slot.command]

    def _bodies(self, module: str) -> Iterator[tuple[int, int]]:
        """Where the proofs of a module's theorems stand, in order."""
        for name in self._stated[module]:
            with suppress(SlotError):
                yield self.slot(name).body

    @cached_property
    def _stated(self) -> Mapping[str, list[str]]:
        """Each module's theorems, in the order of the text."""
        found: dict[str, list[str]] = {name: [] for name in self.build.modules}
        for d in sorted(map(self.declarations.__getitem__, self.theorems()), key=lambda d: astuple(d.position)):
            found[d.module].append(d.name)
        return found

    def spliced(self, bodies: Mapping[str, str], helpers: Mapping[str, str] = NONE) -> dict[Path, str]:
        """The sources, by their paths in the project, that change when these declarations get these bodies.

        `helpers` are commands for the place before a declaration's own.
        """
        texts: dict[Path, str] = {}
        # From the end of each file to its start, so that no body moves a slot that is still to be filled.
        for name in sorted(bodies, key=lambda name: self.slot(name).body, reverse=True):
            source, slot = self.build.modules[self.declarations[name].module].source, self.slot(name)
            start, end = slot.body
            text = texts.get(source.path, source.text)
            before = f"{helpers[name].strip()}\n\n" if helpers.get(name) else ""
            head = text[: slot.command] + before + text[slot.command : start]
            texts[source.path] = head + bodies[name] + text[end:]
        return texts


class Surveyor:
    """Surveys the commits of one project with one builder."""

    def __init__(self, builder: Builder, plan: str | None = None) -> None:
        self.builder = builder
        self._plan = plan

    @classmethod
    def of(cls, project: Path, config: Config, store: Path | None = None, *, packages: bool = False) -> Surveyor:
        """With the toolchain and the limits of the project's settings. Raises ToolchainError.

        `store` is where compiled modules are kept; the user's cache where none is given. With `packages`, what is
        surveyed stands outside of the project, and may import what is compiled there.
        """
        lean = toolchain.find(project, config.toolchain, config.sandbox)
        lean = with_packages(lean, project) if packages else lean
        memory = int(config.build_gib * 2**30)
        place = store or cache.folder("builds")
        builder = Builder(lean, place, jobs=config.jobs, seconds=config.build_seconds, memory=memory)
        return cls(builder, config.blueprint)

    async def survey(self, root: Path, progress: Progress = nobody) -> Survey:
        """Compiles and reads the sources at `root`. Raises ProjectError, LeanError or BlueprintError."""
        plan = root / self._plan if self._plan else reader.find(root)
        read = reader.read(plan) if plan else NO_PLAN
        return self.read(await self.builder.build(root, progress), read)

    def read(self, build: Build, plan: Blueprint = NO_PLAN) -> Survey:
        """The survey of what is compiled already."""
        found = declarations(build.environment)
        imports = {name: frozenset(module.sees) for name, module in build.modules.items()}
        return Survey(build, plan, found, DeclarationGraph(found, plan.edges(), imports))
