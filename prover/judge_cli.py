"""`prover judge`: one file states, another claims to prove; the verdict for people or as JSON. Mounted by the CLI."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from prover.config import Config
from prover.judge.freestanding import judge_file
from prover.judge.gate import Gate
from prover.lean.replay import warnings
from prover.lean.toolchain import Toolchain
from prover.model import Outcome, Verdict
from prover.options import AsJson, Choice, print_json
from prover.project import Surveyor

out = Console()
err = Console(stderr=True)

EXIT = {Outcome.PROVED: 0, Outcome.REJECTED: 1, Outcome.RESOURCE: 2, Outcome.CRASHED: 2}
STYLES = {
    Outcome.PROVED: "bold green",
    Outcome.REJECTED: "bold red",
    Outcome.RESOURCE: "bold magenta",
    Outcome.CRASHED: "bold magenta",
}


def judge(
    target: Annotated[Path, typer.Argument(help="A Lean file that states, with `sorry` for the proof.")],
    attempt: Annotated[Path, typer.Argument(help="A Lean file that claims to prove it.")],
    declaration: Annotated[str | None, typer.Option("--decl", help="Which theorem, where there are several.")] = None,
    toolchain: Choice = None,
    as_json: AsJson = False,
) -> None:
    """Say whether ATTEMPT proves what TARGET states: exit code 0 proved, 1 rejected, 2 neither could be found out."""
    config = Config.of(target.parent, toolchain=toolchain)
    builder = Surveyor.of(target.parent, config).builder

    async def judged() -> tuple[str, Verdict]:
        async with Gate.opened(builder, replay=config.replay) as gate:
            return await judge_file(gate, target, attempt, declaration)

    with err.status("judging"):
        name, verdict = asyncio.run(judged())
    if as_json:
        print_json(as_json_value(name, verdict, builder.toolchain))
    else:
        _show(name, verdict, builder.toolchain)
    raise typer.Exit(EXIT[verdict.outcome])


def as_json_value(name: str, verdict: Verdict, lean: Toolchain) -> dict[str, Any]:
    """The verdict as the documentation has it."""
    evidence = verdict.evidence
    return {
        "declaration": name,
        "verdict": verdict.outcome,
        "reasons": list(verdict.reasons),
        "explanation": verdict.explanation,
        "evidence": {
            "stage": evidence.stage,
            "axioms": list(evidence.axioms),
            "rests_on": list(verdict.rests_on),
            "replayed": evidence.replayed,
            "disproof": evidence.disproof,
        },
        "toolchain": lean.name,
        "warnings": list(warnings(lean.version)),
        "lock": evidence.lock,
    }


def _show(name: str, verdict: Verdict, lean: Toolchain) -> None:
    out.print(f"[{STYLES[verdict.outcome]}]{verdict.outcome}[/] {name}", " ".join(verdict.reasons), highlight=False)
    out.print(verdict.explanation, highlight=False, markup=False, soft_wrap=True)
    if verdict.outcome is Outcome.PROVED:
        for warning in warnings(lean.version):
            out.print(f"note: {warning}", style="yellow", highlight=False)
        axioms = ", ".join(verdict.evidence.axioms) or "none"
        out.print(f"axioms: {axioms}; {lean.name}; lock {verdict.evidence.lock[:16]}", style="dim", highlight=False)
