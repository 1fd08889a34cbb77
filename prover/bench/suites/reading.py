"""A file or a folder as a suite: finds out what it is, and has it read. Blocking; opens no connection.

Called by `prover.bench.suites.opening`, in a thread of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from prover.bench.problem import Problem, Suite, Unusable
from prover.bench.suites.fields import FIELDS, has_statement, read_record
from prover.bench.suites.gathering import Gathering
from prover.bench.suites.lean import read_lean
from prover.bench.suites.manifest import About, Manifest
from prover.bench.suites.records import records
from prover.bench.suites.text import NoText, lean_text
from prover.errors import ConfigError

_SPLITS = {"valid": "valid", "validation": "valid", "test": "test", "train": "train"}
_JSON = (".json", ".jsonl")


@dataclass(frozen=True, slots=True)
class Format:
    """Which fields of JSON records have the statement (none: there is no such form), and whether Lean files do."""

    fields: tuple[str, ...] = ()
    lean: bool = False


ANY = Format(FIELDS["statement"], lean=True)
FORMATS: Mapping[str, Format] = {
    "lean": Format(lean=True),
    "json": Format(FIELDS["statement"]),
    "minif2f": Format(("formal_statement", "core_statement", "lean4_code"), lean=True),
    "formalmath": Format(("autoformalization",)),
    "formalmath-lite": Format(("autoformalization",)),
    "putnambench": Format(("lean4_statement", "formal_statement"), lean=True),
    "proofnet": Format(("formal_statement",), lean=True),
}


def read_suite(path: Path, form: Format = ANY) -> Suite:
    """The suite at that path, named after it. Raises ConfigError where nothing in it can be read or used."""
    if not path.exists():
        raise ConfigError(f"there is no {path}", "give a path, FORMAT:PATH, git:, hub: or a suite's name")
    if path.is_dir():
        return _folder(path, form)
    if path.suffix in _JSON and form.fields:
        return _suite(path, _of_json(path, form.fields, gathering := Gathering()), gathering)
    if path.suffix == ".lean" and form.lean:
        return _suite(path, _of_lean(path, path.parent, gathering := Gathering()), gathering)
    wanted = [*(_JSON if form.fields else ()), *([".lean"] if form.lean else ())]
    raise ConfigError(f"{path} is none of {', '.join(wanted)}", "say what it is: FORMAT:PATH, with lean or json, say")


def _folder(folder: Path, form: Format) -> Suite:
    if not form.lean:
        raise ConfigError(f"{folder} is a folder, and this suite is a JSON file", "give the file")
    manifest, gathering = Manifest.of(folder), Gathering()
    files = manifest.paths(folder)
    if not files:
        raise ConfigError(f"there is no .lean file in {folder}", "give the folder that has the statements")
    suite = _suite(folder, _of_files(files, folder, gathering), gathering)
    suite = replace(suite, name=manifest.name or suite.name, wants=manifest.toolchain or suite.wants)
    suite = replace(suite, attempt_seconds=manifest.attempt_seconds)
    if manifest.licence:
        suite = replace(suite, notes=(f"licence: {manifest.licence}", *suite.notes))
    return manifest.judged(suite, folder)


def _of_files(files: Mapping[Path, About], folder: Path, gathering: Gathering) -> Iterator[Problem | Unusable]:
    for path, about in files.items():
        for found in _of_lean(path, folder, gathering):
            yield about.of(found) if isinstance(found, Problem) else found


def _of_lean(path: Path, folder: Path, gathering: Gathering) -> Iterator[Problem | Unusable]:
    shown = path.relative_to(folder).as_posix()
    try:
        text = lean_text(path)
    except NoText as error:
        yield Unusable(shown, str(error), shown)
        return
    split = next((_SPLITS[word] for word in _words(shown) if word in _SPLITS), "")
    for found in read_lean(text, lambda line: f"{shown}:{line}", gathering.notes):
        yield replace(found, split=split) if isinstance(found, Problem) else found


def _words(shown: str) -> list[str]:
    """The words of a path: `MiniF2F/Valid/a.lean`, `minif2f_test.lean`."""
    return re.split(r"[^a-z0-9]+", shown.lower())


def _of_json(path: Path, accepted: tuple[str, ...], gathering: Gathering) -> Iterator[Problem | Unusable]:
    known, others = False, ""
    for line, record in records(path):
        where = f"{path.name}:{line}"
        if isinstance(record, NoText):
            yield Unusable(where, str(record), where)
            continue
        known = known or has_statement(record, accepted)
        others = others or ", ".join(map(repr, list(record)[:8]))
        yield read_record(record, accepted, where, gathering.notes)
    if others and not known:
        raise ConfigError(
            f"no record of {path} has a statement; its fields are {others}", f"one of {', '.join(accepted)}"
        )


def _suite(path: Path, found: Iterator[Problem | Unusable], gathering: Gathering) -> Suite:
    for one in found:
        gathering.add(one)
    if not gathering.problems:
        first = next(iter(gathering.unusable), None)
        why = f"; the first: {first.source}: {first.why}" if first else ""
        raise ConfigError(f"{path} has no statement that can be used{why}", "see whether it is what you meant")
    problems, unusable = tuple(gathering.problems.values()), tuple(gathering.unusable)
    return Suite(path.stem, problems, unusable, str(path), _wants(path), gathering.said())


def _wants(path: Path) -> str:
    """What the `lean-toolchain` above the path says, up to the top of the checkout in which it is."""
    around = [path, *path.absolute().parents] if path.is_dir() else list(path.absolute().parents)
    top = next((n for n, folder in enumerate(around) if (folder / ".git").exists()), 0)
    files = (folder / "lean-toolchain" for folder in around[: top + 1])
    found = next((file for file in files if file.is_file()), None)
    return found.read_text(encoding="utf-8", errors="replace").strip() if found else ""
