"""Who waits for whom among the open declarations of a graph: what dispatch asks beyond the graph itself.

A value, made anew of every graph that a run comes to, so it is quick: the usual plan without circles never reaches
networkx. `prover.graph` says what is open and why; here it is put in order for `prover.dispatch`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import chain

import networkx as nx

from prover.graph import DeclarationGraph
from prover.model import Kind


class Precedence:
    """Questions about the open declarations of one graph."""

    def __init__(self, graph: DeclarationGraph) -> None:
        self.graph = graph
        self._awaited: dict[str, tuple[str, ...]] = {}

    def awaited(self, name: str) -> tuple[str, ...]:
        """The holes that a proof of `name` should not go before: needs of its own, and what complete needs use; sorted.

        What lies further down is not looked for: it may be thousands, and the judge names what a proof rests on.
        """
        if name not in self._awaited:
            missing, holes = self.graph.missing(name), self.graph.holes()
            below = [self.graph.uses(need) & holes for need in missing - holes]
            self._awaited[name] = tuple(sorted((missing & holes).union(*below) - {name}))
        return self._awaited[name]

    def tails(self, weights: Mapping[str, float]) -> dict[str, float]:
        """The heaviest chain of open declarations that wait for each open one, without itself; a missing weight is 0.

        This is the tail of a job in Jackson's rule (1955; Carlier 1982, Eur. J. Oper. Res. 11), and but for its own
        weight the level in Hu's (1961, Oper. Res. 9). The members of a knot are one link of a chain.
        """
        above = dict.fromkeys(self._missing, 0.0)
        for knot in self._knots:
            reach = max(map(above.__getitem__, knot))
            total = reach + sum(weights.get(name, 0.0) for name in knot)
            for name in knot:
                above[name] = reach
                for need in self._missing[name]:
                    if above[need] < total and need not in knot:
                        above[need] = total
        return above

    def circle(self, name: str) -> frozenset[str]:
        """The open declarations that `name` needs and that need it, itself among them; empty when there are none."""
        return self._circles.get(name, frozenset())

    def unreachable(self) -> Mapping[str, tuple[str, ...]]:
        """Theorems that no proof closes, since they rest on definitions that have a hole; and on which."""
        return self._unreachable

    # Computed once, on first use

    @cached_property
    def _missing(self) -> Mapping[str, frozenset[str]]:
        return {name: self.graph.missing(name) for name in sorted(self.graph.open())}

    @cached_property
    def _knots(self) -> tuple[tuple[str, ...], ...]:
        """The open declarations, each after all that need it; those that need each other stand together.

        Kahn's algorithm (1962) on what is in no circle and below none, which is mostly all.
        """
        users = Counter(chain.from_iterable(self._missing.values()))
        order = [name for name in self._missing if not users[name]]
        for name in order:  # which grows meanwhile
            for need in self._missing[name]:
                users[need] -= 1
                if not users[need]:
                    order.append(need)
        tied = self._missing.keys() - order
        return (*((name,) for name in order), *(self._condensed(tied) if tied else ()))

    def _condensed(self, names: Collection[str]) -> Iterator[tuple[str, ...]]:
        needs: nx.DiGraph[str] = nx.DiGraph()
        needs.add_nodes_from(sorted(names))
        needs.add_edges_from((name, need) for name in sorted(names) for need in sorted(self._missing[name]))
        knots = nx.condensation(needs)
        return (tuple(sorted(knots.nodes[knot]["members"])) for knot in nx.topological_sort(knots))

    @cached_property
    def _circles(self) -> Mapping[str, frozenset[str]]:
        return {name: frozenset(knot) for knot in self._knots if len(knot) > 1 for name in knot}

    @cached_property
    def _unreachable(self) -> Mapping[str, tuple[str, ...]]:
        declarations = self.graph.declarations
        reasons = defaultdict(list)
        for undefined in sorted(self.graph.holes()):
            if declarations[undefined].kind is not Kind.THEOREM:
                for name in sorted(self.graph.resting_on(undefined)):
                    if declarations[name].kind is Kind.THEOREM:
                        reasons[name].append(undefined)
        return {name: tuple(found) for name, found in sorted(reasons.items())}
