"""A certificate of a whole project at one commit: compiled from a clean checkout, judged, and written down.

Everything in it follows from the commit and the toolchain: no times, no paths of the machine, so two runs on one commit
give the same bytes. What is said of each declaration is the judge's; this module adds what identifies the project, and
the statements as they read. Called by `prover certify`; `prover.certificate_page` shows the same to people.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from prover import locks
from prover.config import Config
from prover.errors import ProjectError
from prover.git.repository import Repository, Worktree
from prover.judge.certificate import Row, Standing, rows
from prover.lean.build import Build, Progress
from prover.lean.declarations import declared
from prover.lean.kernels import kernel_as_wanted
from prover.lean.replay import Replayed, warnings
from prover.lean.show import compiled
from prover.lean.toolchain import Toolchain
from prover.project import Survey, Surveyor
from prover.statements import as_written

FORMAT = 1
CLAIMED = (
    "Every theorem marked proved was elaborated by the toolchain named here from the sources of this commit. In the "
    "compiled data, neither it nor anything of this project that it rests on has a hole.",
    "The axioms listed with a declaration are all that are named in it and in whatever of this project it rests on. "
    "What Lean's own library rests on (propext, Classical.choice, Quot.sound) is not followed into the library.",
    "The digest of a declaration stands for its statement and all of this project that gives it its meaning.",
)
NOT_CLAIMED = (
    "That statements and definitions say what their authors mean. They are printed here to be read, as written and as "
    "compiled: a notation of the project can make the first say something else than the second.",
    "That the toolchain, its library and the packages among the imports are sound. They are taken as they are.",
)
NO_REPLAY = "That the kernel was asked again about the compiled data: this toolchain ships none that could be."
ONE_KERNEL = (
    "That a second, independent kernel has checked the proofs: it was the toolchain's own that was asked again."
)
EMBEDDED = (
    "That the embedded Lean, a WebAssembly build made by others, is Lean. Certify again on an official toolchain what "
    "you rely on."
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate as plain values, in the order in which they are written."""

    content: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The JSON file; the same for the same commit and toolchain, byte for byte."""
        return json.dumps(self.content, indent=1, ensure_ascii=False) + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 of the JSON file."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def clean(self) -> bool:
        """Whether every theorem is proved, nothing else is open or refused, and no locked statement has changed."""
        summary = self.content["summary"]
        return not summary["open"] and not summary["refused"] and not self.content["lock"]["violated"]


async def certify(project: Path, progress: Progress, *, revision: str = "HEAD", fresh: bool = False) -> Certificate:
    """Judges the project as it is at `revision`, from a checkout of its own; `fresh`: with nothing compiled before.

    Raises RepositoryError, ProjectError (what does not compile included), LeanError or ToolchainError.
    """
    repository = Repository.of(project)
    commit = repository.resolve(revision)
    # A name of its own: another certificate may be made of another commit at the same time.
    async with repository.worktree(f"certify-{os.getpid()}", commit) as worktree:
        config, tree = Config.of(worktree.project), repository.tree(worktree)
        with TemporaryDirectory(prefix="lemmaworks-") as empty:
            surveyor = Surveyor.of(worktree.project, config, Path(empty) if fresh else None)
            build = await surveyor.builder.build(worktree.project, progress)
            if repository.tree(worktree) != tree:
                raise ProjectError("the checkout changed while it was compiled", "run the command again")
            kernel = kernel_as_wanted(surveyor.builder.toolchain, [surveyor.builder.cache], config.replay)
            async with kernel or nullcontext():
                replayed = await kernel.replay(list(build.modules.values())) if kernel else None
            lean = surveyor.builder.toolchain
            content = await asyncio.to_thread(_content, surveyor.read(build), worktree, lean, replayed)
    return Certificate(
        {"format": FORMAT, "lemmaworks": version("lemmaworks"), "commit": commit, "tree": tree, **content}
    )


def _content(survey: Survey, worktree: Worktree, lean: Toolchain, replayed: Replayed | None) -> dict[str, Any]:
    environment = survey.build.environment
    judged, names = rows(environment, replayed), declared(environment)
    imports = {str(i.module) for module in environment.modules.values() for i in module.imports}
    return {
        "folder": worktree.project.relative_to(worktree.path).as_posix(),
        "toolchain": {"name": _without_path(lean.name), "version": lean.version},
        "imports": sorted(imports - environment.modules.keys()),
        "replayed": replayed.kernel if replayed else "",
        "lock": _lock(worktree.project, survey),
        "claimed": list(CLAIMED),
        "not_claimed": list(_not_claimed(lean, replayed is not None)),
        "summary": _summary(judged),
        "modules": _modules(survey.build),
        "declarations": [_row(row, survey, compiled(environment, names[row.name])) for row in judged],
    }


def _without_path(name: str) -> str:
    """A toolchain's name without the place that it has on this machine."""
    return "path" if name.startswith("path:") else name


def _lock(root: Path, survey: Survey) -> dict[str, Any]:
    """Whether statements.lock agrees with the code; its digest is null where there is none."""
    if (lock := locks.find(root)) is None:
        return {"sha256": None, "locked": 0, "violated": []}
    violated = locks.check(lock, survey.declarations)
    return {"sha256": locks.file_digest(root), "locked": len(lock.statements), "violated": violated}


def _not_claimed(lean: Toolchain, replayed: bool) -> Iterator[str]:
    yield from NOT_CLAIMED
    yield ONE_KERNEL if replayed else NO_REPLAY
    yield from warnings(lean.version)
    if lean.name.startswith("embedded"):
        yield EMBEDDED


def _summary(judged: list[Row]) -> dict[str, Any]:
    counts = Counter(row.standing for row in judged)
    axioms = sorted({axiom for row in judged for axiom in row.axioms})
    return {"declarations": len(judged), **{word.value: counts[word] for word in Standing}, "axioms": axioms}


def _modules(build: Build) -> dict[str, str]:
    """SHA-256 of each module's source, in the order in which they compile."""
    return {name: sha256(module.source.text.encode()).hexdigest() for name, module in build.modules.items()}


def _row(row: Row, survey: Survey, compiled: str) -> dict[str, Any]:
    return {
        "name": row.name,
        "module": row.module,
        "kind": row.kind.value,
        "verdict": row.standing.value,
        "reasons": [reason.value for reason in row.reasons],
        "explanation": row.explanation,
        "axioms": list(row.axioms),
        "rests_on": list(row.rests_on),
        "written": as_written(survey, row.name),
        "compiled": compiled,
        "lock": row.lock,
    }
