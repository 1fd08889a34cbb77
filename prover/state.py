"""Where a run stands: a fold over its events, and nothing else.

No I/O. The coordinator folds what it writes, the live display, `prover status` and `prover report` fold what they read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from prover.journal import Event, What
from prover.model import Attempt, Spent, Tried, Usage

NOTHING, ONE_ATTEMPT = Spent(), Spent(attempts=1)


@dataclass
class Flight:
    """An attempt under way: assigned, perhaps proposed, perhaps accepted as a commit that is still to be merged."""

    number: int
    declaration: str
    agent: str
    base: str
    knew: frozenset[str]
    began: float
    proposal: Attempt | None = None
    spent: Spent = ONE_ATTEMPT
    crashes: int = 0  # of the judge, on this proposal
    accepted: str = ""  # the commit
    outcome: str = ""  # with which it was accepted


@dataclass
class State:
    """Where a run stands. Folding changes it in place: thirty thousand attempts would make many copies."""

    run: str = ""
    branch: str = ""
    base: str = ""
    toolchain: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)  # agents and model, as the user named them last
    tip: str = ""  # of the branch, as far as the journal knows
    accepted_tip: str = ""  # where the branch is to be moved; empty when it is where it should be
    began: float = 0.0
    last: float = 0.0
    worked: float = 0.0  # seconds that somebody was working on it: the time between two owners does not count
    resumed: int = 0  # how often
    attempts: int = 0  # the number of the last one
    declarations: int = 0
    theorems: int = 0
    opened: set[str] = field(default_factory=set)  # theorems that are open, or were: at the base, or by a split
    closed: set[str] = field(default_factory=set)  # of those, no longer open
    flights: dict[int, Flight] = field(default_factory=dict)  # attempt → what is under way
    working: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))  # declaration → its flights
    tried: dict[str, list[Tried]] = field(default_factory=dict)  # declaration → its attempts that are over
    dropped: Counter[str] = field(default_factory=Counter)  # declaration → attempts that ended for other reasons
    merged: dict[str, str] = field(default_factory=dict)  # declaration → its last commit, in order of merging
    canaries: dict[str, str] = field(default_factory=dict)  # decoy → how the attempt at it ended
    refuted: dict[str, str] = field(default_factory=dict)  # declaration → the decoy that is its proved negation
    calling: dict[tuple[int, int], Mapping[str, Any]] = field(default_factory=dict)  # attempt, number → CALLING's data
    spent: Spent = NOTHING
    spent_on: dict[str, Spent] = field(default_factory=dict)  # declaration → by all its attempts
    spent_by: dict[str, Spent] = field(default_factory=dict)  # agent → by all its attempts
    faults: dict[str, list[str]] = field(default_factory=dict)  # agent → the faults of its last attempts in a row
    unsound: str = ""  # why nothing may be merged any more
    ended: str | None = None

    @property
    def open(self) -> set[str]:
        """The theorems that are open now."""
        return self.opened - self.closed

    @property
    def waiting(self) -> list[Attempt]:
        """Proposals that the judge has not decided on, the oldest first."""
        return [f.proposal for f in self.flights.values() if f.proposal is not None and not f.accepted]

    def why(self, name: str) -> str:
        """Why the last attempt at a declaration proved nothing; empty when there was none."""
        return self.tried[name][-1].why if name in self.tried else ""

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
    """The state after `events`, starting from `state`, which is changed and returned, or from nothing."""
    state = State() if state is None else state
    for event in events:
        if event.what not in (What.STARTED, What.RESUMED):
            state.worked += max(0.0, event.time - (state.last or event.time))
        _STEPS[event.what](state, event)
        state.last = event.time
    return state


def _started(state: State, event: Event) -> None:
    data = event.data
    state.run, state.branch, state.base = data["run"], data["branch"], data["base"]
    state.toolchain, state.tip, state.began = data["toolchain"], data["base"], event.time
    state.asked = data.get("asked", {})


def _surveyed(state: State, event: Event) -> None:
    state.declarations, state.theorems = event.data["declarations"], event.data["theorems"]
    state.opened = set(event.data["open"])


def _resumed(state: State, event: Event) -> None:
    """An attempt that goes on is charged the time that it had until its owner was gone, and begins anew."""
    for number in event.data["continued"]:
        flight = state.flights[number]
        before = Spent(seconds=max(0.0, state.last - flight.began))
        flight.spent += before
        _charge(state, {"declaration": flight.declaration, "agent": flight.agent}, before)
        flight.began = event.time
    state.asked = event.data.get("asked") or state.asked
    state.resumed += 1
    state.ended = None
    state.faults.clear()  # somebody may have mended what was wrong


def _assigned(state: State, event: Event) -> None:
    data = event.data
    knew = frozenset(data["knew"])
    flight = Flight(data["attempt"], data["declaration"], data["agent"], data["base"], knew, event.time)
    state.attempts = flight.number
    state.flights[flight.number] = flight
    state.working[flight.declaration].add(flight.number)
    _charge(state, data, ONE_ATTEMPT)


def _calling(state: State, event: Event) -> None:
    state.calling[event.data["attempt"], event.data["number"]] = event.data


def _spent(state: State, event: Event) -> None:
    state.calling.pop((event.data["attempt"], event.data["number"]), None)
    cost = cost_of(event)
    _charge(state, event.data, cost)
    if flight := state.flights.get(event.data["attempt"]):
        flight.spent += cost


def cost_of(event: Event) -> Spent:
    """What a call was charged, by its SPENT."""
    data, usage = event.data, event.data["usage"]
    priced = data["dollars"] is not None
    return Spent(
        tokens=data["tokens"],
        dollars=data["dollars"] if priced else 0.0,
        calls=1,
        unpriced=0 if priced else data["tokens"],
        usage=Usage(**usage) if usage else Usage(),
    )


def _charge(state: State, data: Mapping[str, Any], cost: Spent) -> None:
    name, agent = data["declaration"], data["agent"]
    state.spent += cost
    state.spent_on[name] = state.spent_on.get(name, NOTHING) + cost
    state.spent_by[agent] = state.spent_by.get(agent, NOTHING) + cost


def _proposed(state: State, event: Event) -> None:
    data, flight = event.data, state.flights[event.data["attempt"]]
    flight.proposal = Attempt(
        flight.declaration,
        flight.agent,
        data["body"],
        tuple(data["history"]),
        data["helpers"],
        data["splits"],
        data.get("refutes", False),
        data.get("drafted", ""),
        tuple(data.get("feedback", ())),
        flight.number,
    )
    _took(state, event, flight)
    state.faults.pop(flight.agent, None)


def _took(state: State, event: Event, flight: Flight) -> None:
    """The agent's own time is over; what the judge needs is nobody's budget."""
    cost = Spent(seconds=event.data["seconds"])
    flight.spent += cost
    _charge(state, event.data, cost)


def _nothing(state: State, event: Event) -> None:
    flight = state.flights[event.data["attempt"]]
    _took(state, event, flight)
    if fault := event.data["fault"]:
        state.faults.setdefault(flight.agent, []).append(fault)
    else:
        state.faults.pop(flight.agent, None)
    _over(state, flight, "nothing", event.data["why"])


def _dropped(state: State, event: Event) -> None:
    flight = state.flights[event.data["attempt"]]
    if flight.proposal is None:
        _took(state, event, flight)
    state.dropped[flight.declaration] += 1
    _land(state, flight)


def _judged(state: State, event: Event) -> None:
    data, flight = event.data, state.flights[event.data["attempt"]]
    if data["commit"]:
        flight.accepted, flight.outcome = data["commit"], data["outcome"]
        state.accepted_tip = data["tip"]
    elif data["final"]:
        _over(state, flight, data["outcome"], data["explanation"], frozenset(data["rests_on"]))
    else:
        flight.crashes += 1


def _merged(state: State, event: Event) -> None:
    data = event.data
    flight = state.flights[data["attempt"]]
    _over(state, flight, data["outcome"], "")
    state.merged[data["declaration"]] = data["commit"]
    _changed(state, data)


def _moved(state: State, event: Event) -> None:
    for flight in state.flights.values():
        flight.accepted = ""  # its commit is on no branch: it is judged again
    _changed(state, event.data)


def _changed(state: State, data: Mapping[str, Any]) -> None:
    """What was open may be proved, lemmas may be new, and on a branch that was moved anything may be open again."""
    state.tip, state.accepted_tip = data["tip"], ""
    state.declarations, state.theorems = data["declarations"], data["theorems"]
    state.opened |= set(data["opened"])
    state.closed = (state.closed | set(data["closed"])) - set(data["opened"])


def _over(state: State, flight: Flight, ended: str, why: str, rests_on: frozenset[str] = frozenset()) -> None:
    body = flight.proposal.body if flight.proposal else ""
    tried = Tried(flight.agent, flight.knew, ended, why, rests_on, body, flight.spent)
    state.tried.setdefault(flight.declaration, []).append(tried)
    _land(state, flight)


def _land(state: State, flight: Flight) -> None:
    del state.flights[flight.number]
    state.working[flight.declaration].discard(flight.number)


def _canary(state: State, event: Event) -> None:
    name, outcome, negates = (event.data[key] for key in ("declaration", "outcome", "negates"))
    state.canaries[name] = outcome
    if negates and outcome == "proved":
        state.refuted[negates] = name


def _unsound(state: State, event: Event) -> None:
    state.unsound = state.ended = event.data["why"]


def _ended(state: State, event: Event) -> None:
    state.ended = event.data["why"]


_STEPS: Mapping[What, Callable[[State, Event], None]] = {
    What.STARTED: _started,
    What.SURVEYED: _surveyed,
    What.RESUMED: _resumed,
    What.ASSIGNED: _assigned,
    What.CALLING: _calling,
    What.SPENT: _spent,
    What.PROPOSED: _proposed,
    What.NOTHING: _nothing,
    What.DROPPED: _dropped,
    What.JUDGED: _judged,
    What.BUILT: lambda state, event: None,  # it is there for the report
    What.MERGED: _merged,
    What.MOVED: _moved,
    What.CANARY: _canary,
    What.UNSOUND: _unsound,
    What.ENDED: _ended,
}
