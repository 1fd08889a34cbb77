"""`prover certify`: is all of the project proved? Parses, calls one thing, prints; mounted by `prover.cli`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from prover.certificate import Certificate, certify
from prover.certificate_page import page
from prover.display import compiling
from prover.errors import ConfigError
from prover.git.repository import Repository
from prover.options import Project

app = typer.Typer()
out = Console()
err = Console(stderr=True)


@app.command("certify")
def certify_(
    project: Project = Path(),
    folder: Annotated[
        Path | None, typer.Option("--out", help="Where the certificate goes; by default .prover/certificate.")
    ] = None,
    commit: Annotated[str, typer.Option(help="The commit to judge.")] = "HEAD",
    fresh: Annotated[bool, typer.Option("--fresh", help="Compile everything again.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the certificate on stdout, nothing else there.")
    ] = False,
) -> None:
    """Judge the whole project at a commit and write a certificate; exit code 1 when not everything is proved."""
    repository = Repository.of(project)
    if repository.is_dirty():
        err.print("note: a commit is judged; your uncommitted changes are not part of it", style="yellow")
    with compiling(err) as progress:
        certificate = asyncio.run(certify(project, progress, revision=commit, fresh=fresh))
    if folder is not None or not as_json:
        folder = folder or repository.home / "certificate"
        _write(certificate, folder)
    if as_json:
        sys.stdout.write(certificate.text)
    else:
        for line in (*_lines(certificate), f"The certificate: {folder}"):
            out.print(line, highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(0 if certificate.clean else 1)


def _write(certificate: Certificate, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "certificate.json").write_text(certificate.text, encoding="utf-8", newline="\n")
        (folder / "certificate.html").write_text(page(certificate), encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigError(f"cannot write to {folder}: {error.strerror}", "choose another folder with --out") from error


def _lines(certificate: Certificate) -> list[str]:
    summary, lock = certificate.content["summary"], certificate.content["lock"]
    counts = ", ".join(f"{summary[word]} {word}" for word in ("proved", "complete", "axiom", "open", "refused"))
    refused = [
        f"refused  {row['name']}: {row['explanation']}"
        for row in certificate.content["declarations"]
        if row["verdict"] == "refused"
    ]
    changed = [f"not as locked  {name}" for name in lock["violated"]]
    return [*refused, *changed, f"{summary['declarations']} declarations: {counts}"]
