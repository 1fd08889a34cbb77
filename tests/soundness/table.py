"""The corpus through the real judge, as a table: `python -m tests.soundness.table [--markdown FILE]`.

For every attack the stage that refused it and why, with the lexical gate and without; for every honest attempt whether
it was proved. Exit code 1 when a verdict is not what a first line asks for. `make soundness` writes TABLE.md.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from prover.errors import ProverError
from prover.judge.freestanding import judge_file
from prover.judge.gate import Gate
from prover.lean import cache
from prover.lean import toolchain as toolchains
from prover.lean.build import Builder
from prover.model import Outcome, Verdict
from tests.soundness.corpus import ATTACKS, HONEST, Case, cases

SECONDS = 20.0
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One attempt and its two verdicts."""

    case: Case
    gated: Verdict
    bare: Verdict

    @property
    def right(self) -> bool:
        unrefused = self.bare.outcome is Outcome.PROVED and self.case.expected.value.startswith(("REJECT", "NOT"))
        return self.case.fits(self.gated.outcome, self.gated.reasons) and (self.case.contained or not unrefused)


async def judged(folder: Path, progress: Progress) -> list[Line]:
    """Every attempt of the folder, judged twice."""
    found = cases(folder)
    bar = progress.add_task(folder.name, total=len(found))
    free = asyncio.Semaphore(AT_ONCE)
    async with Gate.opened(Builder(toolchains.find(), cache.folder("builds"), seconds=SECONDS)) as gate:

        async def line(case: Case) -> Line:
            async with free:
                _, gated = await judge_file(gate, case.target, case.path)
                _, bare = await judge_file(gate, case.target, case.path, lexical=False)
            progress.advance(bar)
            return Line(case, gated, bare)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(line(case)) for case in found]
    return [task.result() for task in tasks]


def markdown(lines: Sequence[Line], title: str) -> str:
    """A table of two columns of verdicts, with what they come to above it."""
    gated, bare = (Counter(map(_stage, verdicts)) for verdicts in zip(*((x.gated, x.bare) for x in lines), strict=True))
    stages = sorted(gated.keys() | bare.keys())
    rows = [f"| {stage} | {gated[stage]} | {bare[stage]} |" for stage in stages]
    each = [f"| {x.case.name} | {_cell(x.gated)} | {_cell(x.bare)}{_remark(x.case)} |" for x in lines]
    head = [f"## {title}: {len(lines)}", "", "| decided by | with the lexical gate | without |", "|---|---|---|", *rows]
    return "\n".join([*head, "", "| attempt | with the lexical gate | without |", "|---|---|---|", *each, ""])


def _stage(verdict: Verdict) -> str:
    return f"{verdict.evidence.stage}: {verdict.outcome}"


def _cell(verdict: Verdict) -> str:
    words = ", ".join(verdict.reasons)
    return f"{_stage(verdict)}{f' ({words})' if words else ''}"


def _remark(case: Case) -> str:
    if case.contained:
        return "; contained by the sandbox"
    return "" if case.runs_embedded else "; the embedded Lean cannot run it"


def main(
    file: Annotated[Path | None, typer.Option("--markdown", help="Write the table here as well.")] = None,
) -> None:
    """Judge the whole corpus, with the lexical gate and without."""
    console = Console()
    try:
        with Progress(console=console) as progress:
            attacks, honest = (asyncio.run(judged(folder, progress)) for folder in (ATTACKS, HONEST))
    except ProverError as error:
        console.print(f"error: {error}", style="red")
        raise typer.Exit(2) from error
    text = "\n".join(["# The corpus, judged", "", markdown(attacks, "Attacks"), markdown(honest, "Honest attempts")])
    console.print(text, markup=False, highlight=False)
    if file is not None:
        file.write_text(text, encoding="utf-8")
    wrong = [line.case.name for line in (*attacks, *honest) if not line.right]
    console.print(f"not as it should be: {', '.join(wrong) or 'nothing'}", markup=False)
    raise typer.Exit(bool(wrong))


if __name__ == "__main__":
    typer.run(main)
