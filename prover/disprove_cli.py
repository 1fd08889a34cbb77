"""`prover disprove`: is a theorem of a Lean file false? Mounted by the CLI."""

from __future__ import annotations

import asyncio
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from prover.config import Config
from prover.disproving import Answer, Tools, disprove_file
from prover.errors import ConfigError
from prover.judge_cli import as_json_value
from prover.lean.toolchain import Toolchain
from prover.model import Outcome
from prover.options import AsJson, Choice, print_json
from prover.printable import visible
from prover.project import Surveyor
from prover.repair.choice import split
from prover.repair.original import Original, write
from prover.repair.place import project_of

DISPROVED, NONE_FOUND, COULD_NOT = 0, 1, 2
SECONDS = 120.0

err = Console(stderr=True)


def disprove(
    target: Annotated[
        str, typer.Argument(metavar="FILE[:DECL]", help="A Lean file, or a theorem in it, by name or line.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the file up to the disproof into this one.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1.0, help="Wall seconds to look for a disproof.")] = SECONDS,
    toolchain: Choice = None,
    as_json: AsJson = False,
) -> None:
    """Try to disprove a theorem: exit code 0 the judge has seen a disproof, 1 none was found, 2 it was not possible."""
    path, asked = split(target)
    if output is not None and output.resolve() == path.resolve():
        raise ConfigError(f"--output is {path} itself", "name another file; this one is only read")
    original = Original.read(path)
    project = project_of(path)
    folder = project or path.parent
    config = Config.of(folder, toolchain=toolchain)
    builder = Surveyor.of(folder, config).builder
    with err.status("reading") if err.is_terminal else nullcontext() as status:

        def watch(stage: str) -> None:
            if status is not None:
                status.update(visible(stage))

        answer = asyncio.run(disprove_file(original, asked, Tools(builder, config, seconds, project, watch)))
    if answer.disproved and output is not None:
        write(output, answer.whole.encode())
    if as_json:
        print_json(json_value(answer, builder.toolchain))
    else:
        _show(answer)
    raise typer.Exit(_exit(answer))


def json_value(answer: Answer, lean: Toolchain) -> dict[str, Any]:
    """The answer as plain values; `verdict` is what `prover judge --json` says, null where nothing was found."""
    verdict = answer.verdict
    judged = as_json_value(answer.name, verdict, lean) if verdict is not None else None
    return {
        "declaration": answer.name,
        "line": answer.line,
        "disproved": answer.disproved,
        "found": answer.attempt.history[-1] if answer.attempt else "",
        "text": answer.text,
        "tried": list(answer.attempt.history[:-1]) if answer.attempt else [],
        "why": answer.why,
        "verdict": judged,
        "checks": answer.checks,
        "seconds": round(answer.seconds, 1),
        "toolchain": lean.name,
    }


def _exit(answer: Answer) -> int:
    """What the judge could not find out is neither a yes nor a no."""
    if answer.verdict is not None and answer.verdict.outcome in (Outcome.RESOURCE, Outcome.CRASHED):
        return COULD_NOT
    return DISPROVED if answer.disproved else NONE_FOUND


def _show(answer: Answer) -> None:
    """The Lean text on stdout, what is to be said of it beside it."""
    if answer.text:
        typer.echo(visible(answer.text) if sys.stdout.isatty() else answer.text)
    if answer.attempt is None or answer.verdict is None:
        _say(f"{answer.name} is not disproved: {answer.why}")
    else:
        found = answer.attempt.history[-1]
        _say(f"{answer.name} is {'disproved' if answer.disproved else 'not disproved'}: {found}")
        _say(f"the judge: {answer.verdict.explanation}")
    _say(f"{answer.checks} checks, {answer.seconds:.1f} s")


def _say(line: str) -> None:
    err.print(visible(line), highlight=False, markup=False, soft_wrap=True)
