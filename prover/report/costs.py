"""What a run has paid models for: by model, by declaration, and for each merged proof.

Pure: follows the events with `prover.report.figures`, which puts it into the report. `prover.report.cost_tables` prints
it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from prover.journal import Event
from prover.model import Spent, Usage
from prover.report.outcomes import Ended, Group
from prover.state import cost_of


@dataclass(frozen=True, slots=True)
class PerProof:
    """What each of so many merged proofs has cost: all that was spent, also in vain, over their number.

    None where there is no proof. `unpriced` are tokens of unknown price, which are in `tokens` and not in `dollars`.
    """

    proofs: int
    tokens: float | None = None
    dollars: float | None = None
    unpriced: float | None = None

    @classmethod
    def of(cls, spent: Spent, proofs: int) -> PerProof:
        if not proofs:
            return cls(0)
        return cls(proofs, spent.tokens / proofs, spent.dollars / proofs, spent.unpriced / proofs)


@dataclass(frozen=True, slots=True)
class Asked:
    """A model: its calls, also those of decoys' attempts, with the wall seconds that they took."""

    model: str
    spent: Spent


@dataclass(frozen=True, slots=True)
class Cost:
    """A declaration: all attempts at it, and whether one of them was merged as its proof."""

    declaration: str
    proved: bool
    spent: Spent


class Models:
    """The calls of the events so far, by model."""

    def __init__(self) -> None:
        self._spent: defaultdict[str, Spent] = defaultdict(Spent)

    def add(self, call: Event) -> None:
        """Follows a SPENT."""
        self._spent[call.data["model"]] += cost_of(call) + Spent(seconds=call.data["seconds"])

    def all(self) -> tuple[Asked, ...]:
        """The dearest first."""
        asked = [Asked(model, spent) for model, spent in self._spent.items()]
        return tuple(sorted(asked, key=lambda one: (*_dearest(one.spent), one.model)))


def by_declaration(attempts: Iterable[Ended]) -> tuple[Cost, ...]:
    """The dearest first: by dollars, where these are the same by tokens, and then by seconds."""
    spent: defaultdict[str, Spent] = defaultdict(Spent)
    proofs: Counter[str] = Counter()
    for attempt in attempts:
        spent[attempt.flight.declaration] += attempt.spent
        proofs[attempt.flight.declaration] += attempt.was.group is Group.PROVED
    costs = [Cost(name, proofs[name] > 0, paid) for name, paid in spent.items()]
    return tuple(sorted(costs, key=lambda cost: (*_dearest(cost.spent), cost.declaration)))


def _dearest(spent: Spent) -> tuple[float, ...]:
    return -spent.dollars, -spent.tokens, -spent.seconds


def from_cache(usage: Usage) -> float | None:
    """The part of the input that was read from the cache; None where none is known."""
    whole = usage.input + usage.cache_read + usage.cache_write
    return usage.cache_read / whole if whole else None


def as_json(models: Iterable[Asked], declarations: Iterable[Cost]) -> Mapping[str, Any]:
    """Plain values."""
    return {
        "models": [{**asdict(one), "from_cache": from_cache(one.spent.usage)} for one in models],
        "declarations": [asdict(cost) for cost in declarations],
    }
