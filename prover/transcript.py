"""What happened in one attempt: every call of a model with what was said in it, the proposal, and what became of it.

Reads the journal, also while a run is writing it; decides nothing. `prover.transcript_page` makes a readable text of
it, and `prover.show_cli` shows that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from agents.models.base import Exchange
from prover.errors import JournalError
from prover.journal import Event, Journal, What
from prover.model import Attempt, Spent
from prover.report.outcomes import Attempts, Ended
from prover.state import State, cost_of

ENDS = (What.NOTHING, What.DROPPED, What.JUDGED, What.MERGED)
LIST = "`prover show` lists the attempts of a run"


@dataclass(frozen=True, slots=True)
class Made:
    """One call as it was charged. A call that is asked again keeps its number; `tried` counts from 1.

    `spent` has the wall seconds of the call. `exchange` is None where there was no answer; `known` says that the tokens
    are those which the server counted, and not the most that there can have been.
    """

    number: int
    tried: int
    model: str
    prompt: str
    spent: Spent
    known: bool
    exchange: Exchange | None


@dataclass(frozen=True, slots=True)
class Transcript:
    """One attempt, from its events; `ends` are those of its end, in order."""

    run: str
    branch: str
    ended: Ended
    calls: tuple[Made, ...]
    ends: tuple[Event, ...]

    @property
    def proposal(self) -> Attempt | None:
        """What the agent handed in."""
        return self.ended.flight.proposal

    def as_json(self) -> dict[str, Any]:
        """Plain values; an exchange as the journal keeps it."""
        made = self.proposal
        return {
            "run": self.run,
            **listed(self.ended),
            "base": self.ended.flight.base,
            "calls": [_call_as_json(call) for call in self.calls],
            "proposal": asdict(made) if made else None,
            "ends": [event.as_json() for event in self.ends],
        }


def listed(ended: Ended) -> dict[str, Any]:
    """One attempt as plain values, without what was said."""
    flight = ended.flight
    which = {"attempt": flight.number, "declaration": flight.declaration, "agent": flight.agent}
    return {**which, **ended.was._asdict(), "spent": asdict(ended.spent)}


def _call_as_json(call: Made) -> dict[str, Any]:
    exchange = json.loads(call.exchange.as_text()) if call.exchange else None
    about = {"number": call.number, "tried": call.tried, "model": call.model, "prompt": call.prompt}
    return {**about, "known": call.known, "spent": asdict(call.spent), "exchange": exchange}


def attempts(events: Iterable[Event]) -> tuple[State, list[Ended]]:
    """Where the run stands, and its attempts, oldest first."""
    found = Attempts()
    for event in events:
        found.add(event)
    return found.state, found.all()


def read(path: Path, number: int) -> Transcript:
    """The attempt of that number. Raises JournalError when there is none, or the journal cannot be read."""
    with Journal.read(path) as journal, journal.moment():
        events, said = list(journal.events()), journal.said(number)
    return transcript(events, said, number)


def transcript(events: Sequence[Event], said: Mapping[int, str], number: int) -> Transcript:
    """As `read`, of a run's events, and of what was said in the attempt's calls."""
    state, all_of_them = attempts(events)
    ended = next((one for one in all_of_them if one.flight.number == number), None)
    if ended is None:
        raise JournalError(f"run {state.run} has no attempt {number}", LIST)
    mine = [event for event in events if event.data.get("attempt") == number]
    calls = _calls([event for event in mine if event.what is What.SPENT], said)
    return Transcript(state.run, state.branch, ended, calls, tuple(event for event in mine if event.what in ENDS))


def _calls(charges: Sequence[Event], said: Mapping[int, str]) -> tuple[Made, ...]:
    """An answer belongs to the last try of its number: nothing is asked again that was answered."""
    last = {charge.data["number"]: charge.number for charge in charges}
    tries: dict[int, int] = {}
    calls = []
    for charge in charges:
        data, number = charge.data, charge.data["number"]
        tries[number] = tries.get(number, 0) + 1
        text = said.get(number) if last[number] == charge.number else None
        spent, known = cost_of(charge) + Spent(seconds=data["seconds"]), data["usage"] is not None
        calls.append(Made(number, tries[number], data["model"], data["prompt"], spent, known, _exchange(text, data)))
    return tuple(calls)


def _exchange(text: str | None, data: Mapping[str, Any]) -> Exchange | None:
    try:
        return None if text is None else Exchange.read(text)
    except ValueError as error:
        which = f"call {data['number']} of attempt {data['attempt']}"
        raise JournalError(f"what was said in {which} cannot be read", "use the release that wrote it") from error
