"""Small values for tests: declarations, graphs and events in one line each."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from prover.graph import DeclarationGraph
from prover.journal import Event, What
from prover.model import Declaration, Kind, Position, Usage
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


Step = tuple[What, dict[str, Any]]


def event(step: Step, before: State, number: int = 1) -> Event:
    """The event of a step. Which attempt it is about is filled in: a new one, or the last of its declaration."""
    what, data = step
    if what is What.ASSIGNED:
        data = {"attempt": before.attempts + 1, **data}
    elif "declaration" in data and (flights := before.working.get(data["declaration"])):
        data = {"attempt": max(flights), **data}
    return Event(number, float(number), what, data)


def state(*steps: Step, after: State | None = None) -> State:
    """The state after these steps, one a second; `after` is where they begin, and is changed."""
    now = State() if after is None else after
    for number, step in enumerate(steps, start=int(now.last) + 1):
        fold([event(step, now, number)], now)
    return now


def assigned(name: str, agent: str = "automation", knew: Iterable[str] = ()) -> Step:
    return What.ASSIGNED, {"declaration": name, "agent": agent, "base": "abc", "knew": sorted(knew)}


def charge(tokens: int = 0, dollars: float | None = 0.0, usage: Usage | None = None, number: int = 0) -> dict[str, Any]:
    """What a SPENT says of a call; the tokens are those of its usage where that is known."""
    return {
        "number": number,
        "model": "a model",
        "prompt": "test-1",
        "seconds": 2.0,
        "tokens": usage.tokens if usage else tokens,
        "dollars": dollars,
        "usage": asdict(usage) if usage else None,
    }


def spent(
    name: str,
    agent: str = "automation",
    *,
    tokens: int = 0,
    dollars: float | None = 0.0,
    usage: Usage | None = None,
) -> Step:
    return What.SPENT, {"declaration": name, "agent": agent, "attempt": 1, **charge(tokens, dollars, usage)}


def proposed(name: str, agent: str = "automation", body: str = ":= rfl") -> Step:
    text = {"body": body, "helpers": "", "splits": False, "history": []}
    return What.PROPOSED, {"declaration": name, "agent": agent, "seconds": 1.0, **text}


def nothing(name: str, agent: str = "automation", fault: str = "") -> Step:
    words = {"why": "found nothing", "fault": fault}
    return What.NOTHING, {"declaration": name, "agent": agent, "seconds": 1.0, **words}


def dropped(name: str, agent: str = "automation") -> Step:
    return What.DROPPED, {"declaration": name, "agent": agent, "seconds": 1.0, "why": "lost"}


def judged(
    name: str,
    outcome: str,
    agent: str = "automation",
    rests_on: Iterable[str] = (),
    commit: str = "",
    *,
    final: bool = True,
) -> Step:
    words = {"outcome": outcome, "reasons": [], "explanation": f"it is {outcome}", "rests_on": sorted(rests_on)}
    where = {"commit": commit, "tip": commit, "final": final}
    return What.JUDGED, {"declaration": name, "agent": agent, "seconds": 1.0, **words, **where}


def merged(
    name: str, closed: Iterable[str] = (), *, opened: Iterable[str] = (), commit: str = "def", outcome: str = "proved"
) -> Step:
    change = {"tip": commit, "declarations": 5, "theorems": 4, "closed": sorted(closed), "opened": sorted(opened)}
    about = {"declaration": name, "agent": "automation", "outcome": outcome, "commit": commit}
    return What.MERGED, {**about, **change}
