"""What is left of a run and what it would take: the price of each open theorem, and the critical path.

Pure functions of the graph at the branch's tip and the run's state. Called by the command line, for the end of a run
and for its report; what is tried next is the business of `prover.dispatch`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prover.budget import Currency, Rates, failures
from prover.dispatch import knowledge
from prover.graph import DeclarationGraph
from prover.precedence import Precedence
from prover.state import State

_ENDLESS = 1e12  # seconds; the weight of what is hopeless, so that chains of such can still be compared


@dataclass(frozen=True, slots=True)
class Left:
    """The critical path: open declarations, each of which needs the one before. `seconds` is what attempts at them are
    expected to take, at even odds for each; None where nothing has been tried yet."""

    chain: tuple[str, ...]
    seconds: float | None = None


def left(graph: DeclarationGraph, state: State) -> Left:
    """The chain of what is open that is expected to take longest; without prices, the longest."""
    known = prices(graph, state)
    if not known:
        return Left(graph.critical_path())
    chain = tuple(_heaviest(graph, known))
    return Left(chain, sum(known.get(name, 0.0) for name in chain))


def _heaviest(graph: DeclarationGraph, weights: Mapping[str, float]) -> Iterator[str]:
    """The heaviest chain, from the first to be proved to the last; the members of a circle stand together."""
    finite, precedence = {name: min(weight, _ENDLESS) for name, weight in weights.items()}, Precedence(graph)
    total = {name: finite.get(name, 0.0) + tail for name, tail in precedence.tails(finite).items()}
    choice = set(total)
    while choice:
        best = min(choice, key=lambda name: (-total[name], name))
        link = precedence.circle(best) | {best}
        yield from sorted(link)
        choice = (set().union(*map(graph.users, link)) & total.keys()) - link


def prices(graph: DeclarationGraph, state: State, currency: Currency = Currency.SECONDS) -> Mapping[str, float]:
    """What buys even odds of a proof, for each declaration with a hole, by its cheapest agent; seconds are attempts'.

    At the rates that the run has shown so far: nothing as long as no attempt is over, and infinite for the hopeless.
    """
    if not state.tried:
        return {}
    modules = {name: declaration.module for name, declaration in graph.declarations.items()}
    rates = Rates.of(state.tried, modules, currency)
    return {
        name: min(_price(rates, name, agent, graph, state) for agent in state.spent_by)
        for name in sorted(graph.holes())
    }


def _price(rates: Rates, name: str, agent: str, graph: DeclarationGraph, state: State) -> float:
    missed = failures(state.tried.get(name, ()), knowledge(name, graph, state))
    return rates.price(name, agent, missed).even
