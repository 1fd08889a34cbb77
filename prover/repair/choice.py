"""What is asked for: `FILE:DECL` taken apart, and the proofs that are meant. Called by the command line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from prover.errors import ConfigError
from prover.repair.parts import Part

_SHOWN = 20


def split(target: str) -> tuple[Path, str]:
    """The file, and what is asked for of it, empty for all of it. A path may have colons, as on Windows, and so may a
    quoted name: of all ways to divide the text the first counts whose file is there."""
    places = [at for at, char in enumerate(target) if char == ":"]
    ways = [(target, ""), *((target[:at], target[at + 1 :]) for at in reversed(places))]
    likely = [(path, name) for path, name in ways if path and Path(path).exists()]
    plain = [(path, name) for path, name in ways[1:2] if not {"/", "\\"} & {*name}]
    path, name = (likely or plain or ways)[0]
    return Path(path), name


def chosen(found: Sequence[Part], asked: str, path: Path) -> frozenset[int]:
    """The numbers of the proofs that are called so, in full or by the end of the name, or stand on that line; all of
    them where nothing is asked for. Raises ConfigError where it is none, or not one."""
    proofs = {number: part for number, part in enumerate(found) if part.proof}
    if not asked:
        return frozenset(proofs)
    if asked.isdecimal():
        fits = [n for n, part in enumerate(found) if part.line == int(asked)]
    else:
        fits = [n for n, part in enumerate(found) if part.name == asked]
        fits = fits or [n for n, part in enumerate(found) if part.name.endswith(f".{asked}")]
    if len(fits) > 1:
        names = ", ".join(f"{found[n].name} (line {found[n].line})" for n in fits)
        raise ConfigError(f"{path} has more than one {asked}: {names}", "give the whole name, or the line")
    if not fits:
        raise ConfigError(f"{path} has no {asked}", f"it has {_listed(list(proofs.values()))}")
    if fits[0] not in proofs:
        why = f"is of the kind `{found[fits[0]].keyword}`, or has no body: only proofs are repaired"
        raise ConfigError(f"{asked} {why}", f"of those it has {_listed(list(proofs.values()))}")
    return frozenset(fits)


def _listed(proofs: Sequence[Part]) -> str:
    names = ", ".join(part.shown for part in islice(proofs, _SHOWN))
    return f"{names} and {len(proofs) - _SHOWN} more" if len(proofs) > _SHOWN else names or "no proof"
