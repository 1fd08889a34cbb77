"""Where a run stands: a pure fold over its events, and nothing else.

No I/O. The coordinator folds what it writes, the live display and `prover status` fold what they read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from prover.journal import Event, What


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt that is over: by whom, which needs were proved when it began, and how it ended."""

    agent: str
    knew: frozenset[str]
    ended: str
    rests_on: frozenset[str] = frozenset()


@dataclass(frozen=True)
class State:
    """Where a run stands; a pure fold over its events."""

    run: str = ""
    branch: str = ""
    base: str = ""
    toolchain: str = ""
    began: float = 0.0
    last: float = 0.0
    declarations: int = 0
    theorems: int = 0
    opened: frozenset[str] = frozenset()  # open theorems at the base
    closed: frozenset[str] = frozenset()  # of those, no longer open
    in_flight: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # declaration → its ASSIGNED data
    proposed: frozenset[str] = frozenset()  # waiting for the judge
    tried: Mapping[str, tuple[Tried, ...]] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)  # declaration → why its last attempt proved nothing
    merged: Mapping[str, str] = field(default_factory=dict)  # declaration → commit, in order of merging
    canaries: Mapping[str, str] = field(default_factory=dict)  # decoy → how the attempt at it ended
    refuted: Mapping[str, str] = field(default_factory=dict)  # declaration → the decoy that is its proved negation
    ended: str | None = None

    @property
    def open(self) -> frozenset[str]:
        """The theorems that are open now."""
        return self.opened - self.closed

    def counts(self) -> dict[str, int]:
        """The five figures of `prover status --json`; `open` and `proved` count theorems and sum to `theorems`."""
        return {
            "declarations": self.declarations,
            "theorems": self.theorems,
            "open": len(self.open),
            "proved": self.theorems - len(self.open),
            "merged": len(self.merged),
        }


def fold(events: Iterable[Event], state: State | None = None) -> State:
    """The state after `events`, starting from `state` (or from nothing)."""
    state = state or State()
    for event in events:
        state = replace(_STEPS[event.what](state, event), last=event.time)
    return state


def _started(state: State, event: Event) -> State:
    return replace(state, **event.data, began=event.time)


def _surveyed(state: State, event: Event) -> State:
    data = event.data
    return replace(
        state,
        declarations=data["declarations"],
        theorems=data["theorems"],
        opened=frozenset(data["open"]),
    )


def _assigned(state: State, event: Event) -> State:
    return replace(state, in_flight={**state.in_flight, event.data["declaration"]: event.data})


def _proposed(state: State, event: Event) -> State:
    return replace(state, proposed=state.proposed | {event.data["declaration"]})


def _attempt_over(state: State, event: Event) -> State:
    name = event.data["declaration"]
    assigned = state.in_flight[name]
    tried = Tried(
        agent=event.data["agent"],
        knew=frozenset(assigned["knew"]),
        ended=event.data.get("outcome", event.what),
        rests_on=frozenset(event.data.get("rests_on", ())),
    )
    return replace(
        state,
        in_flight={other: data for other, data in state.in_flight.items() if other != name},
        proposed=state.proposed - {name},
        tried={**state.tried, name: (*state.tried.get(name, ()), tried)},
        why={**state.why, name: event.data.get("explanation") or event.data["why"]},
    )


def _merged(state: State, event: Event) -> State:
    return replace(
        state,
        merged={**state.merged, event.data["declaration"]: event.data["commit"]},
        closed=state.closed | frozenset(event.data["closed"]),
    )


def _canary(state: State, event: Event) -> State:
    name, outcome, negates = (event.data[key] for key in ("declaration", "outcome", "negates"))
    refuted = {negates: name} if negates and outcome == "proved" else {}
    return replace(state, canaries={**state.canaries, name: outcome}, refuted={**state.refuted, **refuted})


def _ended(state: State, event: Event) -> State:
    return replace(state, ended=event.data["why"])


_STEPS: Mapping[What, Callable[[State, Event], State]] = {
    What.STARTED: _started,
    What.SURVEYED: _surveyed,
    What.ASSIGNED: _assigned,
    What.PROPOSED: _proposed,
    What.NOTHING: _attempt_over,
    What.JUDGED: _attempt_over,
    What.MERGED: _merged,
    What.CANARY: _canary,
    What.ENDED: _ended,
}
