"""`prover show`: one attempt as a readable text, what the model saw and said, what it cost, and what became of it.

Without an attempt's number, a table of attempts. Only reads the journal, and may do so while a run is writing it.
Mounted by `prover.cli`.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from prover import runs
from prover.errors import ConfigError, JournalError
from prover.git.repository import Repository
from prover.options import AsJson
from prover.printable import as_json as json_text
from prover.printable import line
from prover.report.outcomes import Ended
from prover.report.tables import words
from prover.transcript import LIST, attempts, listed, read
from prover.transcript_page import page
from prover.units import amount, at_least, duration

_DIGITS = 18  # of a number of an attempt; what is longer is one of none
_WIDTH = 160  # of a table that is written into a file
_HELP = "An attempt's number, or a declaration's name; without it, all attempts are listed."


def show(
    which: Annotated[str | None, typer.Argument(metavar="[ATTEMPT|DECLARATION]", help=_HELP)] = None,
    project: Annotated[Path, typer.Option(help="The folder of the Lean project.")] = Path(),
    run: Annotated[str | None, typer.Option("--run", help="Which run; by default the latest.")] = None,
    to: Annotated[Path | None, typer.Option(help="Write it into this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show one attempt: what the model saw and said, what it cost, and the verdict; or list the attempts."""
    repository = Repository.of(project)
    state = runs.begun(repository, run).state
    if which is not None and which.isdecimal() and len(which) <= _DIGITS:
        shown = read(runs.journal_path(repository, state.run), int(which))
        _put(json_text(shown.as_json()) + "\n" if as_json else page(shown), to, markdown=not as_json)
        return
    rows = _rows(repository, state.run, which)
    if as_json:
        _put(json_text([listed(one) for one in rows]) + "\n", to)
    elif to is None:
        Console().print(table(rows, state.run))
    else:
        text = io.StringIO()
        Console(file=text, width=_WIDTH).print(table(rows, state.run))
        _put(text.getvalue(), to)


def _rows(repository: Repository, run: str, declaration: str | None) -> list[Ended]:
    """The run's attempts, or those at a declaration. Raises JournalError when nobody was ever at that."""
    _, found = attempts(runs.history(repository, run))
    mine = [one for one in found if declaration in (None, one.flight.declaration)]
    if declaration is not None and not mine:
        raise JournalError(f"run {run} has no attempt at {line(declaration)}", LIST)
    return mine


def table(rows: Sequence[Ended], run: str) -> Table:
    """A line for each attempt, the newest last."""
    made = Table(title=f"Attempts of run {run}", title_justify="left")
    made.add_column("#", justify="right")
    for column in ("declaration", "agent", "ended"):
        made.add_column(column, overflow="fold")
    for column in ("calls", "tokens", "dollars", "time"):
        made.add_column(column, justify="right", no_wrap=True)
    for one in rows:
        flight, spent = one.flight, one.spent
        texts = [Text(line(text)) for text in (flight.declaration, flight.agent, words(one.was))]
        paid = [f"{spent.calls}", amount(spent.tokens), at_least(spent.dollars, spent.unpriced)]
        made.add_row(str(flight.number), *texts, *(paid if spent.calls else ["", "", ""]), duration(spent.seconds))
    return made


def _put(text: str, to: Path | None, *, markdown: bool = False) -> None:
    """Into the file, or onto stdout: as Markdown looks where that is a terminal, as its source elsewhere.

    Raises ConfigError when the file cannot be written.
    """
    console = Console()
    if to is not None:
        try:
            to.write_text(text, encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"cannot write {to}: {error.strerror}", "give another place to --to") from error
    elif markdown and console.is_terminal:
        from rich.markdown import Markdown  # a tenth of a second that no other command has to wait for

        console.print(Markdown(text))
    else:
        sys.stdout.write(text)
