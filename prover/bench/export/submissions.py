"""What leaves a run for other people's checkers: Lean files of proofs, and records in the shapes that those read.

Only what the judge has called proved, unless every sample is asked for, and then each with its verdict. Attempts at a
negation are no answers to a benchmark's question and are left out. Called by `prover bench export`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from prover.bench.export.leantext import whole
from prover.bench.problem import HOLE, Problem
from prover.bench.rows import Ended, Results, Row
from prover.errors import ProjectError
from prover.repair.original import write

_UNSAFE = re.compile(r"[^\w.'-]|^\.")


class Style(StrEnum):
    """Shapes of a submission; all of them are what a public checker reads.

    `goedel`: {name, code}, code being a whole Lean file: `to_inference_codes.json`, which the compilation step of
    Goedel-Prover (Lin et al. 2025, eval/step2_compile.py) reads, and which it gives back with a `compilation_result`.

    `kimina`: {custom_id, proof}, an element of `codes` in a request of the Kimina Lean Server to `/verify` (Santos et
    al. 2025, README.md); the identifier is the problem's name and the sample's number.

    `formalmath`: {theorem_names, autoformalization, answers}, one for each problem: what FormalMATH-Bench (Yu et al.
    2025, verify_answers.py) reads. It puts an answer behind the statement, so that attempts with lemmas of their own,
    which stand in front of it, have no place in it: those are left out.
    """

    GOEDEL = "goedel"
    KIMINA = "kimina"
    FORMALMATH = "formalmath"


def submission(results: Results, style: Style, *, all_samples: bool = False) -> Iterator[dict[str, Any]]:
    """The records of a submission, problem by problem in the suite's order and sample by sample.

    `all_samples`: every attempt that counts as a sample and not the proofs alone, with what the judge has said of it
    in `judged`. One without a text is the statement with its `sorry`: an empty text has no error in it, and there are
    checkers to which that is a proof.
    """
    for problem in results.problems:
        rows = [row for row in results.by_problem[problem.name] if _is_wanted(row, all_samples)]
        if style is Style.FORMALMATH:
            yield from _answers(problem, rows, all_samples)
        else:
            yield from (_record(problem, row, style, all_samples) for row in rows)


def write_submission(results: Results, style: Style, path: Path, *, all_samples: bool = False) -> Mapping[str, int]:
    """Writes the records, a line each where the name ends in `.jsonl`, and else as one JSON list, as the checkers want.

    Gives the number of records, of attempts in them, and of attempts for which the style has no place. Raises
    ProjectError where nothing can be written.
    """
    records = list(submission(results, style, all_samples=all_samples))
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    text = "\n".join(lines) + "\n" if path.suffix == ".jsonl" else "[" + ",\n".join(lines) + "]\n"
    write(path, text.encode() if lines or path.suffix != ".jsonl" else b"")
    wanted = sum(_is_wanted(row, all_samples) for row in results.rows)
    told = sum(len(record.get("answers", "1")) for record in records)
    return {"records": len(records), "attempts": told, "left_out": wanted - told}


def write_proofs(results: Results, folder: Path) -> Mapping[str, int]:
    """One Lean file for each proved problem: the text of its first proof, as it was judged.

    Gives the number of files. Raises ProjectError where the folder is no place for them: it cannot be written to, or
    has something in it already, which might be a proof of another run.
    """
    _demand_empty(folder)
    count = 0
    for problem in results.problems:
        proved = [row for row in results.by_problem[problem.name] if _is_wanted(row, False)]
        if proved:
            write(folder / file_name(problem.name), whole(problem, proved[0]).encode())
            count += 1
    return {"files": count}


def file_name(problem: str) -> str:
    """What a problem's Lean file is called: its name, with `%` and a number for what a file system may not like."""
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):X}", problem) + ".lean"


def _demand_empty(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        full = any(folder.iterdir())
    except OSError as error:
        raise ProjectError(f"cannot write to {folder}: {error.strerror}", "choose another folder") from error
    if full:
        raise ProjectError(f"{folder} is not empty", "choose a new folder, so that no proof of another run is in it")


def _is_wanted(row: Row, all_samples: bool) -> bool:
    return not row.negation and (row.counts if all_samples else row.ended is Ended.PROVED)


def _record(problem: Problem, row: Row, style: Style, all_samples: bool) -> dict[str, Any]:
    code = whole(problem, row)
    if style is Style.KIMINA:
        record: dict[str, Any] = {"custom_id": f"{problem.name}#{row.sample}", "proof": code}
    else:
        record = {"name": problem.name, "code": code}
    return {**record, "judged": row.ended.value} if all_samples else record


def _answers(problem: Problem, rows: Iterable[Row], all_samples: bool) -> Iterator[dict[str, Any]]:
    """One record, or none where no attempt has a place in it."""
    placed = [row for row in rows if not row.helpers.strip()]
    if not placed:
        return
    asked = problem.text.removesuffix(" " + HOLE + "\n")
    record = {
        "theorem_names": problem.name,
        "autoformalization": f"\nComplete the following Lean 4 code:\n```lean4\n{asked}",
        "answers": [_behind(problem, row, asked) for row in placed],
    }
    yield {**record, "judged": [row.ended.value for row in placed]} if all_samples else record


def _behind(problem: Problem, row: Row, asked: str) -> str:
    """What stands behind the statement in the attempt's file."""
    return whole(problem, row).removeprefix(asked)
