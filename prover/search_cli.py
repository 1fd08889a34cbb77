"""`prover search`: declarations that a proof might use, of the project and of what is compiled below it. Mounted by the
CLI. What it shows are hints, the same that agents get.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from agents.base import Premise
from prover.config import Config
from prover.display import compiling
from prover.errors import ConfigError
from prover.options import AsJson, Choice, print_json
from prover.project import Surveyor
from prover.search.index import Index

FOUND, NOTHING = 0, 1
_SHOWN = 300  # characters of a type

err = Console(stderr=True)


def search(
    query: Annotated[str, typer.Argument(help="A name or a part of one, words, or a goal.")],
    project: Annotated[Path, typer.Option(help="The folder of the Lean project.")] = Path(),
    module: Annotated[str, typer.Option(help="The module in which it is to be used; by default any.")] = "",
    most: Annotated[int, typer.Option(min=1, max=100, help="How many to show.")] = 10,
    corpus: Annotated[Path | None, typer.Option(help="A corpus.jsonl of LeanDojo to search as well.")] = None,
    toolchain: Choice = None,
    as_json: AsJson = False,
) -> None:
    """Find declarations that a proof might use: exit code 0 found, 1 nothing found."""
    found = asyncio.run(_found(query, project, module, most, corpus, toolchain))
    if as_json:
        print_json([asdict(premise) for premise in found])
    elif found:
        Console().print(table(found))
    else:
        err.print("nothing found", highlight=False)
    raise typer.Exit(FOUND if found else NOTHING)


async def _found(
    query: str, project: Path, module: str, most: int, corpus: Path | None, toolchain: str | None
) -> tuple[Premise, ...]:
    config = Config.of(project, toolchain=toolchain, corpus=corpus)
    surveyor = Surveyor.of(project, config)
    with compiling(err) as progress:
        survey = await surveyor.survey(project, progress)
    if module and module not in survey.build.modules:
        raise ConfigError(f"the project has no module {module}", "name one as an `import` would")
    with err.status("looking (the first time with a toolchain, its library is read: a minute)"):
        index = await Index.of(surveyor.builder.toolchain, project, config.corpus)
        try:
            return index.at(survey).find(query, most, module=module)
        finally:
            index.close()


def table(found: Sequence[Premise]) -> Table:
    """The premises, a row each, best first; in JSON they have their whole types and docstrings."""
    shown = Table(Column("declaration", ratio=1), "proved", "importable", expand=True)
    for premise in found:
        doc, type_ = premise.doc.partition("\n")[0], premise.type
        cut = type_ if len(type_) <= _SHOWN else f"{type_[:_SHOWN]} …"
        marks = ("yes" if premise.proved else "open", "yes" if premise.importable else "no")
        says = "\n".join(filter(None, (cut, doc)))
        cell = Text.assemble((premise.name, "bold"), f"  {premise.module}\n{says}", overflow="fold")
        shown.add_row(cell, *marks, style="" if premise.proved and premise.importable else "dim", end_section=True)
    return shown
