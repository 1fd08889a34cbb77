"""A benchmark run as one self-contained page, report.html: figures, plots, and each problem with its shortest proof.

Called by `prover.bench_cli`; the template is `prover/templates/bench.html`. Statements and proofs were written by
others: everything is escaped, what cannot be seen is shown by its number, and the page runs no script.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from prover.bench.problem import Problem
from prover.bench.report import grids, sentences
from prover.bench.report.costs import Totals, in_order, until_solved
from prover.bench.report.parts import Standing, is_false, natural, standing
from prover.bench.report.summary import Summary
from prover.bench.rows import Ended, Results, Row
from prover.printable import line, visible
from prover.units import amount, at_least, duration

_PROOFS = (Ended.PROVED, Ended.DISPROVED)
_SHOWN = 20_000  # characters of a text; the whole is in results.jsonl
_UNUSABLE = 1000  # statements that are listed
_EMPTY: tuple[Any, ...] = (None, "", {}, [])  # settings that say nothing


@dataclass(frozen=True, slots=True)
class Shown:
    """A problem as the page has it. `first` is the sample that has solved it, 0 where none has."""

    problem: Problem
    standing: Standing
    false: bool
    samples: int
    proofs: int
    first: int
    cost: str
    last: str
    proof: str


def page(summary: Summary, results: Results, plots: Mapping[str, Path]) -> str:
    """The page, the same for the same run; `plots` are PNG files by name, which are put into it.

    Raises OSError when a plot cannot be read.
    """
    by_level = sorted(results.problems, key=lambda problem: (natural(problem.level), problem.name))
    return (
        _environment()
        .get_template("bench.html")
        .render(
            summary=summary,
            settings={key: _setting(value) for key, value in summary.settings.items() if value not in _EMPTY},
            said=sentences,
            percent=grids.percent,
            tables=grids.every(summary, _UNUSABLE),
            plots={name: _data(path) for name, path in plots.items()},
            problems=[shown(results, problem) for problem in by_level],
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("prover"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _harmless(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _setting(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _data(path: Path) -> str:
    return f"data:image/png;base64,{b64encode(path.read_bytes()).decode()}"


def shown(results: Results, problem: Problem) -> Shown:
    """One problem's row."""
    rows = sorted(results.by_problem[problem.name], key=in_order)
    wanted = Ended.DISPROVED if is_false(problem) else Ended.PROVED
    until = until_solved(results, problem)
    return Shown(
        problem=problem,
        standing=standing(results, problem),
        false=is_false(problem),
        samples=sum(row.counts for row in rows),
        proofs=sum(row.ended is wanted for row in rows),
        first=until[-1].sample if until else 0,
        cost=_cost(Totals.of(rows)),
        last=_last(rows[-1]) if rows else "",
        proof=_cut(min((_text(row) for row in rows if row.ended in _PROOFS), key=_size, default="")),
    )


def _size(text: str) -> tuple[int, str]:
    return len(text), text


def _text(row: Row) -> str:
    """What was handed in: the lemmas that it brings, and the body."""
    return "\n\n".join(piece for piece in (row.helpers.strip(), row.body.strip()) if piece)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}\n… {len(text) - _SHOWN:,} characters more"


def _cost(spent: Totals) -> str:
    """Time, and tokens and dollars where there were any."""
    paid = [f"{amount(spent.tokens)} tokens", at_least(spent.dollars, spent.unpriced)] if spent.tokens else []
    return ", ".join([duration(spent.seconds), *paid])


def _last(row: Row) -> str:
    """How the last attempt ended, and why."""
    why = line(row.why) or ", ".join(row.reasons)
    return f"{row.ended}: {why}" if why else row.ended.value
