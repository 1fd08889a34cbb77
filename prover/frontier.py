"""The frontier: what is worth an attempt now, in order, kept up to date event by event.

`prover.dispatch` defines what is on it and in which order; nothing is decided here. The coordinator takes the `next`
assignment, says what an event was about (`touch`), and hands over a graph that has changed (`moved`).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from heapq import merge
from operator import itemgetter

from prover.budget import Allocation, Currency, Rates, Rule, Tally, Uniform
from prover.dispatch import Assignment, Outlook, Rank, asleep, rank, resting, waits, worth
from prover.graph import DeclarationGraph
from prover.precedence import Precedence
from prover.state import State

LOOK_AHEAD = 16  # how far down the order a module with a warm worker is looked for, and for how many turns
_FIRST_FIT = 8  # attempts after which rates are fitted for the first time


class Frontier:
    """What is worth an attempt now, in order.

    `state` is the coordinator's own, which changes in place; `asking` are the agents that ask a model. `moved` comes
    after every change of the graph, before the next `touch` or `next`.
    """

    def __init__(
        self,
        graph: DeclarationGraph,
        state: State,
        team: Mapping[str, int],
        *,
        allows: Callable[[str, str], str] = lambda declaration, agent: "",
        race: int = 1,
        asking: Collection[str] = (),
        currency: Currency = Currency.SECONDS,
        rule: Rule = Rule.ADAPTIVE,
    ) -> None:
        self._state, self._team, self._allows, self._race, self._rule = state, team, allows, race, rule
        self._asking = asking
        self._tally = Tally(currency)
        self._learned: dict[str, int] = {}  # declaration → how many of its attempts are in the tally
        self._turns = 0  # for which the best had to wait because a warm worker was elsewhere
        self.moved(graph)

    def moved(self, graph: DeclarationGraph) -> None:
        """The graph has changed, or what may be spent: everything is looked at again, with rates fitted anew."""
        self._module_of = {name: declaration.module for name, declaration in graph.declarations.items()}
        for name in self._state.tried:
            self._learn(name)
        self._fit(Precedence(graph))

    def _fit(self, precedence: Precedence) -> None:
        self._rates = Rates(self._tally, self._module_of)
        self._fitted = self._attempts
        self._outlook = self._look(precedence)
        self._rebuild()

    def touch(self, declaration: str) -> None:
        """Something happened to a declaration: it and what waits for it are looked at again."""
        self._learn(declaration)
        if declaration in self._worth:
            self._worth[declaration] = worth(declaration, self._outlook)
            self._watch(declaration, resting(declaration, self._state))
            for name in (declaration, *self._waiting[declaration]):
                self._place(name)

    def next(self, warm: Collection[str] = (), asking: Collection[bool] = (False, True)) -> Assignment | None:
        """The best attempt to make now; it stays on the frontier until a `touch` says that it is under way.

        `asking` says for which agents there is a place: those that ask a model, those that do not, or both.

        `warm` are modules whose imports a worker has at hand. Since another worker's start costs seconds, theirs go
        before others of the best octave, but before no other more than a few times in a row.
        """
        if self._attempts - self._fitted >= max(_FIRST_FIT, self._fitted // 4):
            self._fit(self._outlook.precedence)
        found = self._best(warm, asking)
        if found is None and not self._state.flights:
            self._rebuild()  # what was not allowed may be by now, and nobody else would say so
            found = self._best(warm, asking)
        return found

    def _best(self, warm: Collection[str], asking: Collection[bool]) -> Assignment | None:
        while orders := [order for kind in asking if (order := self._orders[kind])]:
            order = min(orders, key=itemgetter(0))
            chosen = self._choice(order, warm)
            found = worth(chosen, self._outlook)
            if found == self._worth[chosen] and isinstance(found, Assignment):
                self._turns = 0 if chosen == order[0][-1] else self._turns + 1
                return found
            self.touch(chosen)  # what may be spent has changed since
        return None

    def asleep(self, declaration: str) -> str:
        """Why an open declaration gets no attempt now, in words; empty when it is on the frontier."""
        return asleep(declaration, self._outlook)

    @property
    def outlook(self) -> Outlook:
        """What the order follows from, for whoever wants to check it."""
        return self._outlook

    @property
    def rates(self) -> Rates:
        """Chances and costs as last fitted."""
        return self._rates

    def __len__(self) -> int:
        return len(self._keys)

    def order(self) -> list[str]:
        """The declarations on the frontier, best first."""
        return [key[-1] for key in merge(*self._orders.values())]

    @property
    def _attempts(self) -> int:
        return self._tally.counted[()]

    def _learn(self, declaration: str) -> None:
        tried, known = self._state.tried.get(declaration, ()), self._learned.get(declaration, 0)
        if len(tried) > known:
            self._tally.learn(declaration, self._module_of.get(declaration, ""), tried, known)
            self._learned[declaration] = len(tried)

    def _look(self, precedence: Precedence) -> Outlook:
        """The outlook with the present rates. A link of a chain weighs what a proof of it is expected to cost."""
        allocation: Allocation = self._rates if self._rule == Rule.ADAPTIVE else Uniform()
        first, tried = next(iter(self._team)), self._state.tried
        holes = precedence.graph.holes()
        weights = {name: 1 / allocation.index(name, first, len(tried.get(name, ()))) for name in holes}
        tails = precedence.tails(weights)
        return Outlook(precedence, self._state, self._team, self._allows, allocation, tails, self._race)

    def _rebuild(self) -> None:
        precedence = self._outlook.precedence
        self._worth = {name: worth(name, self._outlook) for name in precedence.graph.ready()}
        self._waiting: dict[str, set[str]] = defaultdict(set)
        for name in self._worth:
            self._watch(name, precedence.awaited(name))
            self._watch(name, resting(name, self._state))
        self._keys = {name: key for name in self._worth if (key := self._key(name))}
        self._orders: dict[bool, list[Rank]] = {False: [], True: []}
        for asks, place in sorted(self._keys.values()):
            self._orders[asks].append(place)

    def _watch(self, name: str, needs: Iterable[str]) -> None:
        for need in needs:
            self._waiting[need].add(name)

    def _key(self, name: str) -> tuple[bool, Rank] | None:
        """Its place, and whether that is among the attempts that ask a model; None where it is not on the frontier."""
        found = self._worth[name]
        if isinstance(found, str) or waits(name, self._outlook, self._is_worth):
            return None
        return found.agent in self._asking, rank(found, self._outlook)

    def _is_worth(self, name: str) -> bool:
        return isinstance(self._worth.get(name), Assignment)

    def _place(self, name: str) -> None:
        """Puts a declaration where it belongs now; a list of thousands is shifted in a microsecond."""
        before, now = self._keys.pop(name, None), self._key(name)
        if before is not None:
            asks, key = before
            del self._orders[asks][bisect_left(self._orders[asks], key)]
        if now is not None:
            asks, key = now
            insort(self._orders[asks], key)
            self._keys[name] = now

    def _choice(self, order: Sequence[Rank], warm: Collection[str]) -> str:
        """The best, or one of its octave in a warm module, as long as the best has not waited for too many turns."""
        octave, *_, best = order[0]
        if self._turns >= LOOK_AHEAD:
            return best
        ahead = (key[-1] for key in order[:LOOK_AHEAD] if key[0] == octave)
        return next((name for name in ahead if self._module_of[name] in warm), best)
