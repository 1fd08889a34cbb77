"""The figures of a run, from its events in one pass: what was proved by when and at what cost, and where the rest went.

Pure: reads no file and prints nothing. `prover.report.tables` prints it, `prover.report.plots` draws it, and
`prover.report_cli` gets the events.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from prover.journal import Event, What
from prover.model import Spent
from prover.report import costs
from prover.report.costs import Asked, Cost, PerProof
from prover.report.outcomes import RESTART, Attempts, Class, Ended, Group

_STRETCHES = 240  # of equal length, of each of which the longest queue and the last are kept
_UNITS = ("attempts", "seconds", "tokens", "dollars", "calls")
_CHANGES = (What.SURVEYED, What.MERGED, What.MOVED)

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Point:
    """Where the run stood after `worked` seconds, in which somebody worked on it; `open` and `proved` are theorems."""

    worked: float
    spent: Spent
    open: int
    proved: int


@dataclass(frozen=True, slots=True)
class Level:
    """Attempts that wait for the judge, and all that are under way, from `worked` seconds on until the next level."""

    worked: float
    waiting: int
    flying: int


@dataclass(frozen=True, slots=True)
class Share:
    """A class of attempts: how many ended so, and what they cost. The shares of all classes sum to those of the run."""

    what: Class
    spent: Spent


@dataclass(frozen=True, slots=True)
class Work:
    """What one agent did: all that it cost, and how many of its attempts were merged as proofs and as reductions."""

    agent: str
    proved: int
    reduced: int
    spent: Spent

    @property
    def for_a_proof(self) -> PerProof:
        """What each of its proofs has cost."""
        return PerProof.of(self.spent, self.proved)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "per_proof": asdict(self.for_a_proof)}


@dataclass(frozen=True, slots=True)
class Queue:
    """The merge queue: proposals that it judged, builds that it took, merges, and wall seconds in the judge."""

    batches: int = 0
    attempts: int = 0
    builds: int = 0
    merged: int = 0
    seconds: float = 0.0
    longest: int = 0  # waiting when a batch was through

    @property
    def merges_per_build(self) -> float:
        return self.merged / self.builds if self.builds else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """`worked` is wall seconds that somebody worked on the run; `spent` counts attempts that run side by side each."""

    run: str
    branch: str
    tip: str
    ended: str | None
    worked: float
    resumed: int
    theorems: int
    spent: Spent
    points: tuple[Point, ...]
    levels: tuple[Level, ...]
    shares: tuple[Share, ...]
    agents: tuple[Work, ...]
    queue: Queue
    models: tuple[Asked, ...] = ()
    declarations: tuple[Cost, ...] = ()

    @property
    def for_a_proof(self) -> PerProof:
        """What each merged proof has cost, of all that was spent."""
        return PerProof.of(self.spent, sum(work.proved for work in self.agents))

    @property
    def proved(self) -> int:
        """Theorems proved since the start, less those that the branch's mover opened."""
        return self.points[-1].proved - self.points[0].proved if self.points else 0

    @property
    def all_attempts(self) -> Spent:
        """The whole of which the classes are shares: `spent` less what the decoys cost."""
        return _sum(share.spent for share in self.shares)

    @property
    def lost(self) -> Spent:
        """What went into attempts that were dropped because their owner was gone: the price of being killed."""
        return _sum(share.spent for share in self.shares if share.what == Class(Group.DROPPED, RESTART))

    def as_json(self) -> dict[str, Any]:
        """Plain values; classes as `group` and `detail`, each with its shares of all attempts and seconds."""
        rest = {"proved": self.proved, "lost": asdict(self.lost)}
        return {
            **{
                name: getattr(self, name) for name in ("run", "branch", "tip", "ended", "worked", "resumed", "theorems")
            },
            **rest,
            "spent": asdict(self.spent),
            "from_cache": costs.from_cache(self.spent.usage),
            "per_proof": asdict(self.for_a_proof),
            "outcomes": [_share_as_json(share, self.all_attempts) for share in self.shares],
            "agents": [work.as_json() for work in self.agents],
            **costs.as_json(self.models, self.declarations),
            "queue": {**asdict(self.queue), "merges_per_build": self.queue.merges_per_build},
            "points": [asdict(point) for point in self.points],
            "levels": [asdict(level) for level in self.levels],
        }


def part(some: float, whole: float) -> float:
    """The fraction that `some` is of `whole`; 0 where there is nothing."""
    return some / whole if whole else 0.0


def _share_as_json(share: Share, whole: Spent) -> dict[str, Any]:
    shares = {unit: part(getattr(share.spent, unit), getattr(whole, unit)) for unit in _UNITS}
    return {**share.what._asdict(), **asdict(share.spent), "shares": shares}


def report(events: Iterable[Event]) -> Report:
    """The figures of a run from its events, in order; time and memory grow with their number."""
    course = _Course()
    for event in events:
        course.add(event)
    return course.report()


class _Course:
    """What a report needs of the events so far."""

    def __init__(self) -> None:
        self._attempts = Attempts()
        self._open: set[str] = set()
        self._points: list[Point] = []
        self._levels: list[Level] = []
        self._proposed: set[int] = set()  # attempts that wait for the judge
        self._queue = Queue()
        self._models = costs.Models()

    def add(self, event: Event) -> None:
        self._attempts.add(event)
        if event.what in _CHANGES:
            self._change(event)
        elif event.what is What.BUILT:
            self._queue = _built(self._queue, event.data)
        elif event.what is What.SPENT:
            self._models.add(event)
        self._level(event)

    def _change(self, event: Event) -> None:
        """Open theorems are counted here: the state would take all of them in hand for each answer."""
        if event.what is What.SURVEYED:
            self._open = set(event.data["open"])
        else:
            self._open -= set(event.data["closed"])
            self._open |= set(event.data["opened"])
        self._points.append(self._point())

    def _point(self) -> Point:
        state = self._attempts.state
        return Point(state.worked, state.spent, len(self._open), state.theorems - len(self._open))

    def _level(self, event: Event) -> None:
        state, number = self._attempts.state, event.data.get("attempt", 0)
        flight = state.flights.get(number)
        if event.what is What.MOVED:
            self._proposed = {n for n, flight in state.flights.items() if flight.proposal is not None}
        elif flight is not None and flight.proposal is not None and not flight.accepted:
            self._proposed.add(number)
        else:
            self._proposed.discard(number)
        self._levels.append(Level(state.worked, len(self._proposed), len(state.flights)))

    def report(self) -> Report:
        state, attempts = self._attempts.state, self._attempts.all()
        return Report(
            run=state.run,
            branch=state.branch,
            tip=state.tip,
            ended=state.ended,
            worked=state.worked,
            resumed=state.resumed,
            theorems=state.theorems,
            spent=state.spent,
            points=(*self._points, *([self._point()] if self._points else [])),
            levels=thinned(self._levels),
            shares=_shares(attempts),
            agents=_agents(attempts),
            queue=self._queue,
            models=self._models.all(),
            declarations=costs.by_declaration(attempts),
        )


def _built(queue: Queue, data: Any) -> Queue:
    return Queue(
        queue.batches + 1,
        queue.attempts + data["attempts"],
        queue.builds + data["builds"],
        queue.merged + data["merged"],
        queue.seconds + data["seconds"],
        max(queue.longest, data["waiting"]),
    )


def thinned(levels: Sequence[Level], stretches: int = _STRETCHES) -> tuple[Level, ...]:
    """At most two levels for each of so many equal stretches of the time: the highest within it, and its last."""
    end = levels[-1].worked if levels else 0.0
    kept: dict[int, tuple[Level, Level]] = {}
    for level in levels:
        place = min(stretches - 1, int(part(level.worked, end) * stretches))
        top, _ = kept.get(place, (level, level))
        highest = Level(top.worked, max(top.waiting, level.waiting), max(top.flying, level.flying))
        kept[place] = highest, level
    return tuple(level for pair in kept.values() for level in dict.fromkeys(pair))


def _sum(costs: Iterable[Spent]) -> Spent:
    return sum(costs, start=Spent())


def _totals(costs: Iterable[tuple[K, Spent]]) -> dict[K, Spent]:
    totals: defaultdict[K, Spent] = defaultdict(Spent)
    for key, spent in costs:
        totals[key] += spent
    return totals


def _shares(attempts: Sequence[Ended]) -> tuple[Share, ...]:
    """In the order of the groups, the largest class of a group first."""
    totals = _totals((attempt.was, attempt.spent) for attempt in attempts)
    order = {group: place for place, group in enumerate(Group)}
    classes = sorted(totals, key=lambda what: (order[what.group], -totals[what].attempts, what.detail))
    return tuple(Share(what, totals[what]) for what in classes)


def _agents(attempts: Sequence[Ended]) -> tuple[Work, ...]:
    """The one that proved most first."""
    ends = Counter((attempt.flight.agent, attempt.was.group) for attempt in attempts)
    totals = _totals((attempt.flight.agent, attempt.spent) for attempt in attempts)
    works = [
        Work(agent, ends[agent, Group.PROVED], ends[agent, Group.REDUCED], spent) for agent, spent in totals.items()
    ]
    return tuple(sorted(works, key=lambda work: (-work.proved, work.agent)))
