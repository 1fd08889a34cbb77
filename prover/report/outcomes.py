"""What became of each attempt, in classes that do not overlap: every attempt of a run is in exactly one.

Follows the events and keeps nothing but the attempts; a class is concluded from what happened, never from the words of
an explanation. `prover.report.figures` makes its shares from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from prover.journal import Event, What
from prover.model import Outcome, Reason, Spent
from prover.state import Flight, State, cost_of, fold


class Group(StrEnum):
    """The classes, in the order in which a table lists them."""

    PROVED = "proved"
    REDUCED = "reduced"
    BLOCKED = "blocked"  # complete, but rests on what is open
    REJECTED = "rejected"
    NOTHING = "found nothing"
    FAULT = "fault"  # of the agent
    RESOURCE = "resource"
    CRASHED = "crashed"
    DROPPED = "dropped"
    UNMERGED = "accepted, not merged"
    UNDER_WAY = "under way"


class Class(NamedTuple):
    """A group, and within it the judge's first reason, the fault, or why an attempt was dropped."""

    group: Group
    detail: str = ""


# Why attempts are dropped
RESTART = "owner gone"  # the process that the agent worked for has ended
RACE = "lost a race"  # another one was merged for the same declaration
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Ended:
    """One attempt: what it was and cost, and the class that it fell into."""

    flight: Flight
    spent: Spent
    was: Class


class Attempts:
    """The attempts of a run, event by event. `state` is what the events amount to so far."""

    def __init__(self) -> None:
        self.state = State()
        self._flights: dict[int, Flight] = {}
        self._classes: dict[int, Class] = {}
        self._fate: dict[int, str] = {}  # attempt → why it will have been dropped, if it is
        self._late: dict[int, Spent] = {}  # what was charged to an attempt that was over already

    def add(self, event: Event) -> None:
        """Follows one event, the next in order."""
        number = event.data.get("attempt", 0)
        self._foresee(event)
        if event.what is What.SPENT and number not in self.state.flights:
            self._late[number] = self._late.get(number, Spent()) + cost_of(event)
        fold([event], self.state)
        if event.what is What.ASSIGNED:
            self._flights[number] = self.state.flights[number]
        elif number in self._flights and number not in self.state.flights and number not in self._classes:
            self._classes[number] = self._concluded(event)

    def _foresee(self, event: Event) -> None:
        """Notes whom an event leaves without a purpose: that they are dropped is written only later."""
        state = self.state
        if event.what is What.RESUMED:
            left = {n for n, flight in state.flights.items() if flight.proposal is None}
            self._fate |= dict.fromkeys(left - set(event.data["continued"]), RESTART)
        elif event.what in (What.MERGED, What.MOVED):
            for name in {event.data.get("declaration", ""), *event.data["closed"]}:
                self._fate |= {n: RACE for n in state.working.get(name, ()) if n not in self._fate}

    def _concluded(self, event: Event) -> Class:
        """The class of the attempt that `event` has ended."""
        data = event.data
        match event.what:
            case What.NOTHING:
                return Class(Group.FAULT, data["fault"]) if data["fault"] else Class(Group.NOTHING)
            case What.DROPPED:
                return Class(Group.DROPPED, self._fate.get(data["attempt"], CANCELLED))
            case What.MERGED:
                return Class(Group.REDUCED if data["outcome"] == Outcome.REDUCED else Group.PROVED)
            case _:
                return _refused(data["outcome"], data["reasons"], bool(data["rests_on"]))

    def all(self) -> list[Ended]:
        """Every attempt so far, oldest first."""
        return [
            Ended(flight, flight.spent + self._late.get(number, Spent()), self._classes.get(number) or _waiting(flight))
            for number, flight in self._flights.items()
        ]


def _refused(outcome: str, reasons: list[str], rests: bool) -> Class:
    """The class of a verdict that merges nothing."""
    match outcome:
        case Outcome.RESOURCE:
            return Class(Group.RESOURCE)
        case Outcome.CRASHED:
            return Class(Group.CRASHED)
        case Outcome.REJECTED if rests and reasons[:1] in ([], [Reason.SORRY]):
            return Class(Group.BLOCKED)
        case Outcome.REJECTED:
            return Class(Group.REJECTED, reasons[0] if reasons else "")
        case _:
            return Class(Group.UNMERGED)


def _waiting(flight: Flight) -> Class:
    return Class(Group.UNMERGED if flight.accepted else Group.UNDER_WAY)
