"""Small values for tests: declarations, graphs and events in one line each."""

from collections.abc import Iterable, Mapping
from typing import Any

from prover.graph import DeclarationGraph
from prover.journal import Event, What
from prover.model import Declaration, Kind, Position
from prover.state import State, fold


def declaration(
    name: str, *, statement: Iterable[str] = (), proof: Iterable[str] = (), hole: bool = False, line: int = 0
) -> Declaration:
    """A theorem in module `M`, or a definition when its name starts with `def`."""
    kind = Kind.DEFINITION if name.startswith("def") else Kind.THEOREM
    uses = frozenset(statement)
    return Declaration(name, "M", kind, f"digest of {name}", uses, frozenset(proof), hole, Position(line, 0))


def holes(*names: str, plan: Mapping[str, Iterable[str]] | None = None) -> DeclarationGraph:
    """A graph of theorems that are all open; `plan` gives what a proof is planned to use."""
    return DeclarationGraph({name: declaration(name, hole=True) for name in names}, plan)


def state(*steps: tuple[What, dict[str, Any]]) -> State:
    """The state after these events."""
    return fold(Event(number, float(number), what, data) for number, (what, data) in enumerate(steps, start=1))


def assigned(name: str, agent: str = "automation", knew: Iterable[str] = ()) -> tuple[What, dict[str, Any]]:
    return What.ASSIGNED, {"declaration": name, "agent": agent, "base": "abc", "knew": sorted(knew)}


def nothing(name: str, agent: str = "automation") -> tuple[What, dict[str, Any]]:
    return What.NOTHING, {"declaration": name, "agent": agent, "seconds": 1.0, "why": "found nothing"}


def judged(
    name: str, outcome: str, agent: str = "automation", rests_on: Iterable[str] = ()
) -> tuple[What, dict[str, Any]]:
    words = {"outcome": outcome, "reasons": [], "explanation": f"it is {outcome}", "rests_on": sorted(rests_on)}
    return What.JUDGED, {"declaration": name, "agent": agent, "seconds": 1.0, **words}


def merged(name: str, closed: Iterable[str] = ()) -> tuple[What, dict[str, Any]]:
    return What.MERGED, {"declaration": name, "agent": "automation", "commit": "def", "closed": sorted(closed)}
