"""`prover repair`: a Lean file with broken proofs in, better ones out, judged. Mounted by the CLI."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agents.asking import Asking
from agents.models.registry import Models
from agents.repair.subgoals import Subgoals
from prover.config import Config, Limits
from prover.errors import ConfigError
from prover.ledger import PRICE_IT
from prover.options import AsJson, Choice, print_json
from prover.printable import visible
from prover.project import Surveyor
from prover.repair.choice import split
from prover.repair.court import AGENT
from prover.repair.file import Tools, repair_file
from prover.repair.original import Original, demand_writable, write
from prover.repair.outcome import Report, Result, Status
from prover.repair.place import project_of
from prover.search.lookup import Lookup

ALL, SOME_LEFT = 0, 1
STYLES = {Status.PROVED: "bold green", Status.IMPROVED: "yellow", Status.UNCHANGED: "dim"}

err = Console(stderr=True)


def repair(
    target: Annotated[
        str, typer.Argument(metavar="FILE[:DECL]", help="A Lean file, or a proof in it, by name or line.")
    ],
    in_place: Annotated[bool, typer.Option("--in-place", help="Write what is better into the file.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the result into this file.")] = None,
    model: Annotated[str | None, typer.Option(help="Whom to ask for what automation leaves open.")] = None,
    samples: Annotated[int | None, typer.Option(min=1, help="Answers to ask for, of each proof.")] = None,
    budget: Annotated[
        list[str] | None, typer.Option(help="Of the repair: seconds=…, tokens=…, dollars=…; may be repeated.")
    ] = None,
    toolchain: Choice = None,
    as_json: AsJson = False,
) -> None:
    """Repair proofs that fail or have holes: exit code 0 all are proved, 1 something is left, 2 it was not possible."""
    path, asked = split(target)
    _demand_place(path, in_place, output)
    original = Original.read(path)
    project = project_of(path)
    limits = Limits.parsed(budget) if budget else None
    config = Config.of(project or path.parent, toolchain=toolchain, model=model, samples=samples, limits=limits)
    report = asyncio.run(_repaired(original, asked, config, project, asking=model is not None))
    if report.changed and in_place:
        original.replace_with(report.new)
    if output is not None:
        write(output, report.new.data)
    _print(report, _shown(path), as_json=as_json, diff=not in_place and output is None)
    raise typer.Exit(ALL if report.proved else SOME_LEFT)


def _demand_place(path: Path, in_place: bool, output: Path | None) -> None:
    """Before any work: may what comes of it be written where it is wanted?"""
    if in_place and output is not None:
        raise ConfigError("--in-place and --output do not go together", "give one of the two")
    if output is not None and output.resolve() == path.resolve():
        raise ConfigError(f"--output is {path} itself", "use --in-place, which writes only what is better")
    if in_place and path.exists():
        if path.suffix != ".lean":
            raise ConfigError(f"{path} is no .lean file, and would become one", "write the Lean with --output")
        demand_writable(path)


def _shown(path: Path) -> str:
    """The path as a patch has it: from where we are, if the file is below."""
    place = path.resolve()
    return place.relative_to(Path.cwd()).as_posix() if place.is_relative_to(Path.cwd()) else place.name


async def _repaired(original: Original, asked: str, config: Config, project: Path | None, *, asking: bool) -> Report:
    folder = project or original.path.parent
    builder = Surveyor.of(folder, config).builder
    with err.status("reading") if err.is_terminal else nullcontext() as status:

        def watch(stage: str) -> None:
            if status is not None:
                status.update(visible(stage))

        with Lookup(builder.toolchain, project, config.corpus, watch) as lookup:
            tools = Tools(builder, config, project, lookup=lookup if config.search else None, watch=watch)
            if not asking:
                return await repair_file(original, asked, tools)
            async with _askers(config, folder) as asker:
                return await repair_file(original, asked, replace(tools, asker=asker))


@asynccontextmanager
async def _askers(config: Config, folder: Path) -> AsyncIterator[Callable[[], Subgoals]]:
    """What makes the askers, of a model that answers; closed when the block ends. Raises what `Models.check` raises,
    and ConfigError where money is limited and nobody knows what a call costs."""
    assert config.model is not None
    models = Models.of(folder, config.prices, os.environ)
    try:
        caller = models.caller(config.model)
        if caller.price is None and config.limits.dollars is not None:
            message = f"money is limited, and the price of {caller.name} is not known"
            raise ConfigError(message, PRICE_IT.format(caller.name))
        await models.check()
        settings = Asking(config.samples, config.turns, limits=config.limits_of(f"{AGENT}={config.model}"))
        yield lambda: Subgoals(caller, settings)
    finally:
        await models.close()


def _print(report: Report, shown: str, *, as_json: bool, diff: bool) -> None:
    if as_json:
        print_json(report.as_json(shown))
        return
    if diff and report.changed:
        data = report.diff(shown)
        typer.echo(visible(data.decode()) if sys.stdout.isatty() else data, nl=False)
    if report.results:
        err.print(_table(report))
    done = (f"{result.name}: {line}" for result in report.results for line in _said(result))
    for line in (*done, *(f"the file: {why}" for why in report.mended), *report.left):
        err.print(visible(line), highlight=False, markup=False, soft_wrap=True)
    err.print(_summary(report), highlight=False, markup=False, soft_wrap=True)


def _table(report: Report) -> Table:
    table = Table("line", "declaration", "", "errors", "holes", "kept", "checks", "seconds")
    for result in report.results:
        table.add_row(
            str(result.line),
            Text(visible(result.name), style="cyan", overflow="fold"),
            Text(result.status, style=STYLES[result.status]),
            "{} → {}".format(*result.errors),
            "{} → {}".format(*result.holes),
            f"{result.kept:.0%}",
            str(result.checks),
            f"{result.seconds:.1f}",
        )
    return table


def _said(result: Result) -> list[str]:
    """Why it is no better, with the judge's reasons, or else what was done."""
    reasons = " ".join(result.verdict.reasons) if result.verdict is not None else ""
    why = [" ".join(filter(None, (reasons, result.why)))] if result.why else []
    return [*why, *result.steps]


def _summary(report: Report) -> str:
    proved = sum(result.status is Status.PROVED for result in report.results)
    improved = sum(result.status is Status.IMPROVED for result in report.results)
    of = f"proved {proved} of {len(report.results)}, improved {improved}" if report.results else "nothing to repair"
    others = f"; {report.others} more are proved as they stand" if report.others else ""
    paid = f"; {report.spent.calls} calls, {report.spent.tokens} tokens" if report.spent.calls else ""
    return f"{of}{others}; {report.checks} checks, {report.seconds:.1f} s{paid}"
