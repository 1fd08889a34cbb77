"""What a killed process left of a run: its journal and its branch are brought to agree, and nothing is lost.

Attempts that were with an agent go back to the frontier; those that had paid for a call go on with what was said in
it. A call that was under way is charged the most that it can have cost. Proposals wait for the judge again. What the
judge had accepted is merged now, if it was not. A branch that somebody else has moved is followed. Called by
`prover.running` when it resumes a run, before anything else is done with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from prover.git.repository import Repository
from prover.journal import What
from prover.landing import change, merged
from prover.project import Survey
from prover.record import about
from prover.state import Flight, State

Step = tuple[What, Mapping[str, Any]]
NOTHING: Mapping[str, Any] = MappingProxyType({})
GONE = "whoever worked on it is gone"


def reconcile(state: State, repository: Repository) -> str:
    """The branch's tip, where the run goes on, after the move that the journal has announced.

    The journal is written before the branch moves, so the branch may be behind it by one move; a branch that was never
    made, or is gone, is made where the journal has it.
    """
    if not repository.has_branch(state.run):
        repository.start(state.run, state.tip)
    tip = repository.tip(state.run)
    if state.accepted_tip and tip == state.tip and repository.has(state.accepted_tip):
        repository.advance(state.run, old=tip, new=state.accepted_tip)
        return state.accepted_tip
    return tip


def steps(state: State, survey: Survey, tip: str, asked: Mapping[str, Any] = NOTHING) -> Iterator[Step]:
    """What the journal has to say now, `survey` being the project at `tip`, the branch's."""
    yield from taken_over(state, tip, asked)
    accepted = [
        {**_which(flight), "outcome": flight.outcome, "commit": flight.accepted}
        for flight in state.flights.values()
        if flight.accepted
    ]
    if accepted and tip == state.accepted_tip:
        yield from merged(accepted, change(state, survey, tip))
    elif accepted or tip != state.tip:
        yield What.MOVED, change(state, survey, tip)


def taken_over(state: State, tip: str, asked: Mapping[str, Any] = NOTHING) -> Iterator[Step]:
    """A new owner: calls are charged, and of the attempts that were with an agent those go on that have paid for some.

    For runs that merge nothing, too.
    """
    flights = [flight for flight in state.flights.values() if flight.proposal is None]
    continued = [flight.number for flight in flights if flight.spent.calls]
    # Comes first: the time until then was nobody's.
    yield What.RESUMED, {"tip": tip, "continued": continued, "asked": dict(asked)}
    yield from unsettled(state)
    for flight in flights:
        if flight.number not in continued:
            seconds = round(state.last - flight.began, 3)
            yield What.DROPPED, {**_which(flight), "seconds": seconds, "why": GONE}


def _which(flight: Flight) -> dict[str, Any]:
    return about(flight.number, flight.declaration, flight.agent)


def unsettled(state: State) -> Iterator[Step]:
    """The charges for calls that were under way: the most that each can have cost, since nobody knows."""
    for call in state.calling.values():
        yield What.SPENT, {**call, "usage": None, "seconds": 0.0}
