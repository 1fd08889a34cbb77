"""`prover bench run`: a suite through the one path, agent → repair → judge, and what came of it as a table and files.

Parses, wires the display, and calls `prover.bench.running`; decides nothing. The commands that look at runs are in
`prover.bench_views_cli`. Mounted by `prover.cli`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from prover.bench import running
from prover.bench.display import Display
from prover.bench.making import make
from prover.bench.ordering import Choice, Sampling, order_of, settings_of
from prover.bench.places import place_for
from prover.bench.policy import Allocation
from prover.bench.problem import Suite
from prover.bench.report.summary import Summary
from prover.bench.report.tables import show
from prover.bench.rows import Results
from prover.bench.running import Order
from prover.bench.suites.opening import open_suite
from prover.config import Config, Limits
from prover.errors import ConfigError
from prover.options import AsJson, print_json
from prover.options import Choice as Toolchain
from prover.stream import Stream

ALL, SOME_LEFT, STOPPED = 0, 1, 2
OUT = Path("bench-runs")

out = Console()
err = Console(stderr=True)

Spec = Annotated[
    str,
    typer.Argument(
        metavar="SUITE", help="core, minif2f, formalmath, …, a file or folder, git:URL#PATH or hub:OWNER/NAME#FILE."
    ),
]
Revision = Annotated[str | None, typer.Option(help="Of a git repository or a data set of the hub.")]
Packages = Annotated[
    Path | None, typer.Option("--project", help="A Lake project whose compiled packages the statements import.")
]
Some = list[str] | None
Agent = Annotated[str, typer.Option(help="Who proves: automation, sampler, refiner, mender, scripted.")]
Model = Annotated[str | None, typer.Option(help="Whom the agent asks; see `prover run --help`.")]
Script = Annotated[Path | None, typer.Option(help="The answers of the agent `scripted`, a TOML file.")]
Samples = Annotated[int, typer.Option("--samples", "-k", min=1, help="Attempts at each problem.")]
Replies = Annotated[
    int | None, typer.Option(min=1, help="Of the model within one attempt; by default 1 for the sampler.")
]
Policy = Annotated[Allocation, typer.Option(help="How samples are given out.")]
Least = Annotated[float, typer.Option(min=0, max=1, help="Adaptive: no sample with a smaller chance of a proof.")]
Disprove = Annotated[
    bool | None,
    typer.Option("--disprove/--no-disprove", help="Try the negation of what the first sample has not proved."),
]
Repair = Annotated[bool | None, typer.Option("--repair/--no-repair", help="Of what a model answers.")]
Budget = Annotated[Some, typer.Option(help="Of the run: dollars=N, tokens=N, attempts=N, seconds=N; repeatable.")]
Split = Annotated[Some, typer.Option(help="Only these splits; may be repeated.")]
Level = Annotated[Some, typer.Option(help="Only these levels; may be repeated.")]
Domain = Annotated[Some, typer.Option(help="Only these domains; may be repeated.")]
Name = Annotated[Some, typer.Option(help="Only these problems; may be repeated.")]
First = Annotated[int | None, typer.Option(min=1, help="Only so many of them.")]
Shard = Annotated[str, typer.Option(help="Only the I-th of N parts, I/N; `prover bench merge` joins them.")]
Workers = Annotated[int | None, typer.Option("--max-workers", min=1, help="Warm Lean workers.")]
Conversations = Annotated[int | None, typer.Option(min=1, help="Attempts at once that ask a model.")]
Seconds = Annotated[float | None, typer.Option(help="Wall time of one attempt.")]
Checks = Annotated[int | None, typer.Option(min=1, help="Questions to Lean in one attempt.")]
Folder = Annotated[Path, typer.Option("--out", help="Where the folders of runs are.")]
Called = Annotated[str | None, typer.Option("--name", help="The run's name, which is that of its folder.")]
Events = Annotated[str | None, typer.Option(help="Write each event as a line of JSON to this file.")]


def run(
    suite: Spec,
    agent: Agent,
    model: Model = None,
    script: Script = None,
    samples: Samples = 1,
    replies: Replies = None,
    policy: Policy = Allocation.UNIFORM,
    least_chance: Least = 0.0,
    disprove: Disprove = None,
    repair: Repair = None,
    budget: Budget = None,
    split: Split = None,
    level: Level = None,
    domain: Domain = None,
    problem: Name = None,
    first: First = None,
    shard: Shard = "",
    workers: Workers = None,
    conversations: Conversations = None,
    attempt_seconds: Seconds = None,
    attempt_checks: Checks = None,
    revision: Revision = None,
    project: Packages = None,
    toolchain: Toolchain = None,
    folder: Folder = OUT,
    name: Called = None,
    events: Events = None,
    as_json: AsJson = False,
) -> None:
    """Run SUITE, and print how much of it is proved: exit code 0 all, 1 not all, 2 it could not be run.

    The same command goes on with a run that was left before its end.
    """
    asked = {"agents": (agent,), "model": model, "samples": _replies(agent, replies), "repair": repair}
    limits = {"attempt_seconds": attempt_seconds, "attempt_checks": attempt_checks, "toolchain": toolchain}
    shared = {"workers": workers, "conversations": conversations, "limits": Limits.parsed(budget or ())}
    config = Config.of(project or Path(), **asked, **limits, **shared)
    chosen = _read(suite, revision, Choice(split or (), level or (), domain or (), problem or (), first))
    order = order_of(chosen, config, Sampling(samples, policy, least_chance, disprove, shard), project, script)
    settings = settings_of(order, shard)
    place = place_for(folder, name, settings)
    results = _worked(order, {**settings, "run": place.name}, place, events)
    _print(make(place, results), place, as_json=as_json)
    raise typer.Exit(ALL if all(map(results.solved, results.problems)) else SOME_LEFT)


def _replies(agent: str, asked: int | None) -> int | None:
    """One sample of the sampler is one answer of its model, unless somebody wants more."""
    return 1 if asked is None and agent.partition("=")[0] == "sampler" else asked


def _read(spec: str, revision: str | None, choice: Choice) -> Suite:
    with err.status("reading the suite"):
        chosen = choice.of(asyncio.run(open_suite(spec, revision=revision)))
    if not chosen.problems:
        raise ConfigError(f"there is nothing to run in {spec}", "see `prover bench doctor`")
    return chosen


def _worked(order: Order, settings: Mapping[str, Any], place: Path, events: str | None) -> Results:
    """Works under a display; exits with 2 when interrupted."""
    with ExitStack() as stack:
        display = stack.enter_context(Display(err, order.samples))
        streams = [stack.enter_context(Stream.to(events))] if events else []
        try:
            watchers: list[running.Watch] = [display, *streams]
            return asyncio.run(running.run(order, settings, place, watchers, display.compiling, past=display))
        except KeyboardInterrupt:
            err.print(f"stopped; the same command goes on, in {place}", highlight=False, soft_wrap=True)
            raise typer.Exit(STOPPED) from None


def _print(summary: Summary, place: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(summary.as_json())
    else:
        show(summary, out)
        out.print(f"Results: {place}", highlight=False, soft_wrap=True)
