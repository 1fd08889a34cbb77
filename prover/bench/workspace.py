"""A suite as a Lean project: its statements in modules, each left open, and those that do not elaborate taken out.

No module imports another, and each is surveyed as a project of its own: two may define the same. What a statement is
called, and whether it is a theorem, is read from compiled data. Made by `prover.bench.running`; what is compiled here
is what the judge holds attempts against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from prover.bench.modules import Module, modules
from prover.bench.problem import HOLE, Problem, Unusable
from prover.errors import BuildFailed, LeanError, ProjectError
from prover.lean.build import Progress, nobody
from prover.model import Budget, Declaration, Kind, Task
from prover.project import Survey, Surveyor
from prover.repair.parts import parts
from prover.repair.tasks import task_for

MARKER = "prover.toml"


@dataclass(frozen=True)
class Workspace:
    """The problems that can be attempted, in the project at `root`, and the survey of each one's module."""

    root: Path
    surveys: Mapping[str, Survey]
    problems: tuple[Problem, ...]
    unusable: tuple[Unusable, ...]

    @cached_property
    def problem(self) -> Mapping[str, Problem]:
        """The problems by their names."""
        return {problem.name: problem for problem in self.problems}

    def task(self, name: str, agent: str, budget: Budget, number: int) -> Task:
        """What an agent is told of a problem: its own text, and nothing of the other problems beside it."""
        return task_of(self.problem[name], agent, budget, number)


def task_of(problem: Problem, agent: str, budget: Budget, number: int = 0) -> Task:
    """The task of a problem, made of its text; the informal statement stands before it as its documentation."""
    head = "\n\n".join(piece.strip() for piece in (problem.header, problem.preamble) if piece.strip())
    informal = " ".join(problem.informal.replace("-/", "- /").replace("/-", "/ -").split())
    told = f"/-- {informal} -/\n" if informal else ""
    text = f"{head}\n\n{told}{problem.statement.strip()} {HOLE}\n"
    slot = next(part.slot for part in reversed(parts(text)) if part.proof is not None)
    assert slot is not None
    return task_for(text, slot, problem.name, agent, budget, number)


async def make(root: Path, problems: Sequence[Problem], surveyor: Surveyor, progress: Progress = nobody) -> Workspace:
    """The workspace of these problems in the empty folder `root`.

    What does not elaborate is `unusable`, with Lean's error. Raises ProjectError or LeanError when nothing can be
    compiled at all, as when an import is not there.
    """
    root.mkdir(parents=True, exist_ok=True)
    (root / MARKER).touch()
    stated, unusable = list(problems), list[Unusable]()
    while True:
        made = modules(stated)
        _write(root, made)
        if not made:
            raise ProjectError("no statement of the suite elaborates", _first(unusable))
        try:
            build = await surveyor.builder.build(root, progress)
        except BuildFailed as error:
            wrong = _wrong(error, made)
        except LeanError as error:
            wrong = await _failing(error, made, root, surveyor)
        else:
            surveys = {name: surveyor.read(replace(build, modules={name: build.modules[name]})) for name in made}
            found = {problem.name: surveys[name] for name, module in made.items() for problem in module.problems}
            wrong = _not_open(found, stated)
            if not wrong:
                return Workspace(root, found, tuple(stated), tuple(unusable))
        unusable += [Unusable(p.name, wrong[p.name], p.source) for p in stated if p.name in wrong]
        stated = [problem for problem in stated if problem.name not in wrong]


def _write(root: Path, made: Mapping[str, Module]) -> None:
    for old in root.glob("*.lean"):
        old.unlink()
    for name, module in made.items():
        (root / f"{name}.lean").write_text(module.text, encoding="utf-8", newline="")


def _wrong(error: BuildFailed, made: Mapping[str, Module]) -> dict[str, str]:
    """The problems on whose lines Lean's errors are, with the first error; all of a module with one before them all."""
    found: dict[str, str] = {}
    for (module, line), said in zip(error.places, error.said, strict=True):
        if module in made:
            starts = [*made[module].lines()]
            before = [name for name, start in starts if start <= line]
            for name in before[-1:] or [name for name, _ in starts]:
                found.setdefault(name, said.partition(": ")[2] or said)
    if not found:
        raise error
    return found


async def _failing(error: LeanError, made: Mapping[str, Module], root: Path, surveyor: Surveyor) -> dict[str, str]:
    """Those at which Lean fails, looked for one by one: for want of time, say. Raises the error when it is none."""
    found: dict[str, str] = {}
    for problem in (problem for module in made.values() for problem in module.problems):
        _write(root, modules([problem]))
        try:
            await surveyor.builder.build(root)
        except (ProjectError, LeanError) as failure:
            found[problem.name] = str(failure)
    if not found:
        raise error
    return found


def _not_open(surveys: Mapping[str, Survey], problems: Sequence[Problem]) -> dict[str, str]:
    """The problems that are compiled and yet no theorem that could be proved."""
    found = {problem.name: _against(problem, surveys[problem.name].declarations) for problem in problems}
    return {name: why for name, why in found.items() if why}


def _against(problem: Problem, declarations: Mapping[str, Declaration]) -> str:
    declaration = declarations.get(problem.name)
    if declaration is None or declaration.kind is not Kind.THEOREM:
        return f"it declares no theorem {problem.name}"
    holes = sorted(name for name in declaration.statement_uses if name in declarations and declarations[name].hole)
    return f"its statement rests on {holes[0]}, which is left open" if holes else ""


def _first(unusable: Sequence[Unusable]) -> str:
    return f"the first: {unusable[0].name}: {unusable[0].why}" if unusable else "choose other problems"
