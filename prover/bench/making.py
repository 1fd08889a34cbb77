"""What is made of a run's results, as files in its folder: rows, summary, plots and the page.

Called at the end of a run and whenever somebody wants them again.
"""

from __future__ import annotations

from pathlib import Path

from prover import printable
from prover.bench.report.page import page
from prover.bench.report.plots import draw
from prover.bench.report.summary import Summary, summarise
from prover.bench.results import PAGE, PLOTS, SUMMARY, write_rows, write_whole
from prover.bench.rows import Results
from prover.errors import ConfigError


def make(folder: Path, results: Results) -> Summary:
    """Writes results.jsonl, summary.json, plots and report.html. Raises ConfigError when the folder refuses."""
    summary = summarise(results)
    try:
        write_rows(folder, results)
        write_whole(folder / SUMMARY, printable.as_json(summary.as_json()) + "\n")
        plots = draw(summary, results, folder / PLOTS)
        write_whole(folder / PAGE, page(summary, results, plots))
    except OSError as error:
        raise ConfigError(f"cannot write {folder}: {error.strerror}", "free the disk, and run it again") from error
    return summary
