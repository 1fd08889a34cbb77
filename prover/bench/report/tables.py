"""A benchmark's summary on a terminal, and two runs beside each other.

Called by `prover.bench_cli`: `show` prints what a run prints at its end, `tables` is everything. What a suite, a model
or a journal has written is printed as text, never as markup, with what cannot be seen shown by its number.
"""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from prover.bench.metrics.comparing import Comparison
from prover.bench.report import grids, sentences
from prover.bench.report.beside import compared, meaning
from prover.bench.report.grids import Grid
from prover.bench.report.summary import Summary
from prover.printable import line

_LEAST = 8  # letters of a column of words that stay whole
_ROWS = 12  # of a table at the end of a run
_WRONG = 10  # contradictions that are named


def show(summary: Summary, console: Console) -> None:
    """What a run prints at its end: some forty lines on 80 columns, where there are five levels.

    Without levels the main table is by domain, and a long one is cut.
    """
    console.print(_head(summary), highlight=False)
    named = [what for what in ("level", "domain") if any(part.name for part in summary.by[what])]
    for grid in (grids.by(summary, named[0] if named else "level"), grids.costs(summary)):
        console.print(table(_shortened(grid)))
    console.print(_foot(summary), highlight=False)


def tables(summary: Summary) -> Group:
    """All there is to say."""
    return Group(_head(summary), *map(table, grids.every(summary)), _foot(summary))


def comparison(found: Comparison, first: str = "first", second: str = "second") -> Group:
    """Two runs by their names: coverage and its difference, who has solved what, and what that means."""
    return Group(*map(table, compared(found, first, second)), *[Text(said) for said in meaning(found)])


def table(grid: Grid) -> Table:
    """On so many columns as there are: what does not fit goes on in the next line."""
    made = Table(title=Text(grid.title, style="table.title"), title_justify="left", caption=grid.note or None)
    for place, column in enumerate(grid.columns):
        words = place < grid.words
        least = min(len(column), _LEAST) if words else None
        made.add_column(Text(line(column)), justify="left" if words else "right", overflow="fold", min_width=least)
    for row in grid.rows:
        made.add_row(*[Text(line(cell)) for cell in row])
    if grid.whole:
        made.add_section()
        made.add_row(*[Text(line(cell)) for cell in grid.whole])
    return made


def _shortened(grid: Grid) -> Grid:
    rest = len(grid.rows) - _ROWS
    return replace(grid, rows=grid.rows[:_ROWS], note=f"and {rest:,} more") if rest > 0 else grid


def _head(summary: Summary) -> Group:
    """What was run, what came of it, and in red what cannot be."""
    wrong = sentences.wrong(summary)
    more = [f"and {len(wrong) - _WRONG:,} more contradictions"] if len(wrong) > _WRONG else []
    return Group(
        Text(line(sentences.settings(summary)), style="dim"),
        *[Text(line(said), style="bold red") for said in (*wrong[:_WRONG], *more)],
        Text.assemble((sentences.solved(summary), "bold"), sentences.passed(summary)),
    )


def _foot(summary: Summary) -> Group:
    """How the attempts ended, what repair and more samples give, and what nobody knows."""
    said = [Text(line(text)) for text in (sentences.ended(summary), *sentences.further(summary))]
    return Group(*said, *[Text(f"note: {line(text)}", style="yellow") for text in summary.unknown])
