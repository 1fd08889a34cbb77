"""A suite by what the user calls it: a name, a path, a repository of git's, a dataset of the hub.

    core                            the suite of our own
    minif2f                         one of the catalogue, at its pin or at the revision given
    statements/  a.lean  b.jsonl    files of this machine
    proofnet:b.jsonl                the same, with its format said
    git:URL#FOLDER  hub:OWNER/NAME#FILE     at a revision

The one way in for `prover bench`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from prover.bench.problem import Suite
from prover.bench.suites.catalogue import Entry, catalogue
from prover.bench.suites.fetching import Fetched, from_git, from_hub, local_origin
from prover.bench.suites.manifest import FILE as MANIFEST
from prover.bench.suites.reading import ANY, FORMATS, Format, read_suite
from prover.errors import ConfigError
from prover.lean import cache

CORE = "core"
_BENCH = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class _Asked:
    """What to fetch and how to read it."""

    spec: str
    revision: str
    store: Path
    form: Format = ANY


async def open_suite(spec: str, *, revision: str | None = None, folder: Path | None = None) -> Suite:
    """The suite that `spec` names, read as a whole.

    `revision` is for what is fetched, and takes the place of the catalogue's pin. `folder` is where what was fetched
    is kept, by default the user's cache. Raises ConfigError in one line for an unknown suite, one that cannot be
    fetched or read, or one without any statement that can be used.
    """
    asked = _Asked(spec, revision or "", (folder or cache.folder("suites")).absolute())
    return await asyncio.to_thread(_open, asked)


def core() -> Path:
    """The folder of the suite of our own, in the installed package or in the checkout."""
    installed = _BENCH / CORE
    return installed if installed.is_dir() else _BENCH.parent.parent / "benchmarks" / CORE


def _open(asked: _Asked) -> Suite:
    kind, colon, rest = asked.spec.partition(":")
    if asked.spec == CORE:
        return _local(core(), asked)
    if asked.spec in catalogue():
        return _of_catalogue(asked.spec, catalogue()[asked.spec], asked)
    if colon and kind in FORMATS:
        return _open(replace(asked, spec=rest, form=FORMATS[kind]))
    if colon and kind in ("git", "hub") and rest:
        return _fetched(kind, rest, asked)
    path = Path(asked.spec).expanduser()
    if not asked.spec or not path.exists():
        known = ", ".join([CORE, *catalogue()])
        raise ConfigError(f"there is no suite {asked.spec!r}", f"give a path, git:URL, hub:OWNER/NAME#FILE, or {known}")
    return _local(path, asked)


def _local(path: Path, asked: _Asked) -> Suite:
    if asked.revision:
        raise ConfigError(f"{path} is read as it is, at no revision", "leave --revision out, or say git:PATH")
    return replace(read_suite(path, asked.form), origin=local_origin(path))


def _of_catalogue(name: str, entry: Entry, asked: _Asked) -> Suite:
    revision = asked.revision or entry.revision
    kind, place = ("git", entry.git) if entry.git else ("hub", entry.hub)
    if not entry.inside:
        raise ConfigError(
            f"which file of the dataset {entry.hub} is {name} is not in the catalogue",
            f"say {name}:hub:{entry.hub}#FILE with --revision",
        )
    known = replace(asked, spec=name, revision=revision, form=FORMATS[entry.format])
    suite = _fetched(kind, f"{place}#{entry.inside}", known)
    notes = [f"licence: {entry.licence}"] if entry.licence else []
    read = len(suite.problems) + len(suite.unusable)
    if entry.statements not in (None, read) and revision == entry.revision:
        notes.append(f"its source says that it publishes {entry.statements} statements; {read} were read")
    return replace(suite, name=name, wants=suite.wants or entry.toolchain, notes=(*notes, *suite.notes))


def _fetched(kind: str, rest: str, asked: _Asked) -> Suite:
    place, _, inside = rest.partition("#")
    if kind == "git" and not asked.revision and Path(place).expanduser().is_dir():
        return _local(Path(place).expanduser() / inside, asked)
    if not asked.revision:
        raise ConfigError(f"{asked.spec} is fetched, and at no revision", "say --revision: a tag, or a whole commit")
    if kind == "hub" and not inside:
        raise ConfigError(f"{asked.spec} names no file of the dataset", "say hub:OWNER/NAME#FILE")
    found = _find(kind, place, inside, asked)
    suite = read_suite(found.path, asked.form)
    name = Path(inside).stem if inside else Path(place.rstrip("/")).stem
    return replace(suite, name=suite.name if _named(found.path) else name, origin=found.origin)


def _find(kind: str, place: str, inside: str, asked: _Asked) -> Fetched:
    fetch = from_git if kind == "git" else from_hub
    return fetch(place, inside, asked.revision, asked.store)


def _named(path: Path) -> bool:
    """Does the folder's manifest give it a name?"""
    return path.is_dir() and (path / MANIFEST).is_file()
