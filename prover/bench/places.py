"""Where a run's results go, and whether a run there is the one that is asked for: the same run is gone on with.

Two runs are the same when nothing differs that could change what a sample is, and how many there are; limits and the
number of workers may differ. Called by `prover bench run`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prover.bench.fold import Fold
from prover.bench.results import JOURNAL, PAGE, settings_of
from prover.bench.rows import FREE
from prover.errors import ConfigError
from prover.journal import Journal


def place_for(out: Path, name: str | None, settings: Mapping[str, Any]) -> Path:
    """The folder of the run in `out`: the named one, or else the last one that was left unfinished, or a new one.

    Raises ConfigError when the named one is another run; the message says what differs.
    """
    if name is not None:
        before = settings_of(out / name)
        if before is not None and (key := difference(before, settings)):
            was, now = before.get(key), settings.get(key)
            raise ConfigError(
                f"the run in {out / name} is another one: {key} is {was!r} there, and {now!r} now",
                "give this one another --name",
            )
        return out / name
    base = _base(settings)
    numbered = sorted((_number(folder, base), folder) for folder in out.glob(f"{base}*") if _number(folder, base))
    for _, folder in reversed(numbered):
        before = settings_of(folder)
        if before is not None and not difference(before, settings):
            if not finished(folder):
                return folder
            break
    return out / f"{base}-{numbered[-1][0] + 1 if numbered else 1}"


def difference(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """The first setting in which two runs differ that makes them two; empty when they are one."""
    keys = (key for key in sorted(before.keys() | now.keys()) if key not in FREE)
    return next((key for key in keys if before.get(key) != now.get(key)), "")


def finished(folder: Path) -> bool:
    """Are all samples drawn and decided, and the files made of them?"""
    if not (folder / PAGE).exists():
        return False
    if not (folder / JOURNAL).exists():
        return True  # merged from others
    fold = Fold()
    with Journal.read(folder / JOURNAL) as journal:
        for event in journal.events():
            fold(event)
    return fold.finished


def _base(settings: Mapping[str, Any]) -> str:
    """`core-automation`, or `core-sampler-2of4` for a shard."""
    shard = f"-{settings['shard']}".replace("/", "of") if settings.get("shard") else ""
    name = f"{settings['suite']}-{settings['agent']}{shard}"
    return re.sub(r"[^\w.-]+", "_", name).strip("._-") or "run"


def _number(folder: Path, base: str) -> int:
    match = re.fullmatch(rf"{re.escape(base)}-(\d+)", folder.name)
    return int(match[1]) if match else 0
