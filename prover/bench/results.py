"""The folder of a run: what was asked for, the statements, the journal, and what is made of it.

    config.json  problems.jsonl  unusable.jsonl  journal.sqlite        written as the run goes
    results.jsonl  summary.json  report.html  plots/                   made of those, again whenever they are wanted

Reads and writes; decides nothing. Called by `prover.bench.running` and by the commands that look at runs.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from prover.bench.fold import rows
from prover.bench.problem import Problem, Unusable
from prover.bench.rows import Results, Row
from prover.errors import ConfigError
from prover.journal import Journal

CONFIG, PROBLEMS, UNUSABLE, JOURNAL = "config.json", "problems.jsonl", "unusable.jsonl", "journal.sqlite"
ROWS, SUMMARY, PAGE, PLOTS = "results.jsonl", "summary.json", "report.html", "plots"
UNBEGUN = "it has not begun"


def state_down(
    folder: Path, settings: Mapping[str, Any], problems: Iterable[Problem], unusable: Iterable[Unusable]
) -> None:
    """Writes down what the run is of. Raises ConfigError when the folder cannot be written.

    A page that was made before is gone: it says what the run was then.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / PAGE).unlink(missing_ok=True)
        _write(folder / PROBLEMS, (problem.as_json() for problem in problems))
        _write(folder / UNUSABLE, ({"name": one.name, "why": one.why, "source": one.source} for one in unusable))
        write_whole(folder / CONFIG, json.dumps(dict(settings), indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise ConfigError(f"cannot write {folder}: {error.strerror}", "choose another folder with --out") from error


def settings_of(folder: Path) -> dict[str, Any] | None:
    """What the run in the folder is of; None where there is none."""
    try:
        return dict(json.loads((folder / CONFIG).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(f"cannot read {folder / CONFIG}: {error}", "name the folder of a run") from error


def read(folder: Path) -> Results:
    """The results in a folder: folded from its journal, or from its rows where there is none, as after a merge.

    Raises ConfigError for a folder without a run and for a file that is not what was written, JournalError.
    """
    settings = settings_of(folder)
    if settings is None:
        raise ConfigError(f"there is no run in {folder}", f"a run's folder has a {CONFIG}")
    try:
        problems = tuple(Problem.from_json(line) for line in _lines(folder / PROBLEMS))
        unusable = tuple(Unusable(**line) for line in _lines(folder / UNUSABLE))
        if not (folder / JOURNAL).exists():
            found = tuple(Row.from_json(line) for line in _lines(folder / ROWS))
            ended, seconds = settings.get("unfinished", ""), settings.get("wall_seconds", 0.0)
            return Results(settings, problems, found, unusable, ended, seconds)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ConfigError(f"{folder} is not a run's folder as it was written: {error}", "make the run anew") from error
    with Journal.read(folder / JOURNAL) as journal:
        return folded(journal, settings, problems, unusable)


def folded(
    journal: Journal, settings: Mapping[str, Any], problems: tuple[Problem, ...], unusable: tuple[Unusable, ...]
) -> Results:
    """The results as the journal has them."""
    fold, found = rows(journal.events(), problems, str(settings["policy"]))
    missing = "" if fold.finished else fold.stopped or "it was stopped"
    return Results(settings, problems, found, unusable, missing if found else missing or UNBEGUN, fold.worked)


def write_rows(folder: Path, results: Results) -> None:
    """`results.jsonl`, one line an attempt."""
    _write(folder / ROWS, (row.as_json() for row in results.rows))


def write_whole(path: Path, text: str) -> None:
    """Puts a text into its place at once: whoever reads sees the old one or the new one."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)


def _write(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    write_whole(path, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
