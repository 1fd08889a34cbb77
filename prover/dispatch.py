"""Which declaration next, and which agent: pure functions of the graph and the state, and the definition of both.

A theorem with a hole whose statement is settled is worth an attempt when some agent has something new to go by. It
waits for the lemmas that it is planned on, as long as these are worth an attempt themselves and have had no more than
it. `rank` puts what remains in order. `prover.frontier` keeps that order up to date for the coordinator; the tables ask
here why a declaration sleeps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from prover.budget import Allocation, failures
from prover.graph import DeclarationGraph
from prover.model import Kind
from prover.precedence import Precedence
from prover.state import Flight, State

PREFERENCE = 4.0  # an agent comes before its turn only when its index is so many times better

Rank: TypeAlias = tuple[int, float, float, int, str]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Attempt this declaration with this agent. `knew` are its needs that are proved by now.

    `index` is what the rule of allocation says of it: expected proofs per unit of cost.
    """

    declaration: str
    agent: str
    knew: frozenset[str]
    index: float = 1.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that the choice depends on.

    `team` says of each agent, in the order in which they take turns, how many attempts with the same knowledge make
    sense: 1 for one that always does the same. `allows` answers for a declaration and an agent why nothing may be spent
    on that, or "". `tails` are those of the graph; at most `race` agents are at one declaration at a time.
    """

    precedence: Precedence
    state: State
    team: Mapping[str, int]
    allows: Callable[[str, str], str]
    allocation: Allocation
    tails: Mapping[str, float]
    race: int = 1

    @property
    def graph(self) -> DeclarationGraph:
        return self.precedence.graph


def candidate(name: str, outlook: Outlook) -> Assignment | None:
    """The attempt that this declaration should get now, or None."""
    found = worth(name, outlook)
    return None if isinstance(found, str) or waits(name, outlook, _worth_one(outlook)) else found


def asleep(name: str, outlook: Outlook) -> str:
    """Why an open declaration gets no attempt now, in words; empty when it is a candidate."""
    found = worth(name, outlook)
    if not isinstance(found, str):
        need = waits(name, outlook, _worth_one(outlook))
        return f"waits for {need}" if need else ""
    if outlook.precedence.circle(name):
        circle = next((knot for knot in outlook.graph.cycles() if name in knot), ())
        return f"{found}; the plan goes in a circle: {' → '.join((*circle, circle[0]))}" if circle else found
    return found


def _worth_one(outlook: Outlook) -> Callable[[str], bool]:
    return lambda name: not isinstance(worth(name, outlook), str)


def worth(name: str, outlook: Outlook) -> Assignment | str:
    """The attempt that is worth making once nothing is waited for, or in words why there is none."""
    if why := _closed(name, outlook) or _busy(name, outlook):
        return why
    tried, flights = outlook.state.tried.get(name, ()), _flights(name, outlook.state)
    knew = knowledge(name, outlook.graph, outlook.state)
    known = [(one.agent, one.knew) for one in (*tried, *flights)]
    fresh = [
        agent
        for agent, tries in outlook.team.items()
        if sum(1 for other, before in known if other == agent and not before < knew) < tries
    ]
    if not fresh:
        return "every agent has tried it with what is proved now"
    missed = failures(tried, knew) + len(flights)
    indices = {agent: outlook.allocation.index(name, agent, missed) for agent in fresh}
    agent = _chosen(indices, lambda agent: not outlook.allows(name, agent))
    return Assignment(name, agent, knew, indices[agent]) if agent else outlook.allows(name, fresh[0])


def _chosen(indices: Mapping[str, float], allowed: Callable[[str], bool]) -> str:
    """The first allowed agent whose index is near enough to that of the best allowed one; "" when none is allowed.

    Asks of as few as it can, since the order is made of thousands of such choices.
    """
    best = next((agent for agent in sorted(indices, key=indices.__getitem__, reverse=True) if allowed(agent)), "")
    near = (agent for agent, index in indices.items() if best and index * PREFERENCE >= indices[best])
    return next((agent for agent in near if agent == best or allowed(agent)), "")


def _closed(name: str, outlook: Outlook) -> str:
    """Why no attempt could do anything, whoever made it."""
    graph, state = outlook.graph, outlook.state
    if name in state.refuted:
        return "its negation is proved: it is false"
    if name in state.closed or name not in graph.open():
        return "it is proved"
    if not graph.declarations[name].hole:
        return f"it is complete, but rests on {', '.join(outlook.precedence.awaited(name))}"
    if graph.declarations[name].kind is not Kind.THEOREM:
        return "it is no theorem: somebody has to write it"
    if name not in graph.ready():
        return f"its statement needs {', '.join(outlook.precedence.unreachable()[name])}, which has a hole"
    return ""


def _busy(name: str, outlook: Outlook) -> str:
    """Who is at it, when that is enough."""
    flights = _flights(name, outlook.state)
    if any(flight.accepted for flight in flights):
        return "it is proved, and about to be merged"
    if any(flight.proposal for flight in flights):
        return "a proof of it waits for the judge"
    if len(flights) >= outlook.race:
        return f"{', '.join(flight.agent for flight in flights)} is at it"
    return ""


def _flights(name: str, state: State) -> list[Flight]:
    return [state.flights[number] for number in sorted(state.working.get(name, ()))]


def knowledge(name: str, graph: DeclarationGraph, state: State) -> frozenset[str]:
    """What is proved of its needs and of what earlier proofs rested on."""
    return (graph.needs(name) | resting(name, state)) - graph.open()


def resting(name: str, state: State) -> frozenset[str]:
    """What earlier proofs of `name` rested on that was open then."""
    return frozenset().union(*[one.rests_on for one in state.tried.get(name, ()) if one.rests_on])


def waits(name: str, outlook: Outlook, is_worth: Callable[[str], bool]) -> str:
    """What `name` waits for, or "": a lemma that is under way or worth an attempt, and of which no more have ended in
    vain than `name` has had. So lemmas come first, and yet one that nobody can prove holds nothing up for long.

    Of what earlier proofs rested on, one that has had fewer; and in a circle of the plan nobody waits for what is not
    under way. So those that wait form no circle, and while anything is worth an attempt, something gets one.
    """
    state, circle = outlook.state, outlook.precedence.circle(name)
    own = attempts(name, state)
    for need in outlook.precedence.awaited(name):
        if ended(need, state) <= own and (state.working.get(need) or (need not in circle and is_worth(need))):
            return need
    for need in sorted(resting(name, state) & outlook.graph.holes()):
        vain = ended(need, state)
        if (vain <= own and state.working.get(need)) or (vain < own and is_worth(need)):
            return need
    return ""


def ended(name: str, state: State) -> int:
    """How many attempts at a declaration are over."""
    return len(state.tried.get(name, ()))


def attempts(name: str, state: State) -> int:
    """How many attempts a declaration has had, those under way among them."""
    return ended(name, state) + len(state.working.get(name, ()))


def rank(chosen: Assignment, outlook: Outlook) -> Rank:
    """Sorts the candidates, best first: by the index in octaves, then by the tail, then by the index itself.

    An octave is a factor of two, less than what the index is known to. Within one it is list scheduling: the heaviest
    critical path first (Hu 1961, Oper. Res. 9; Graham 1969, SIAM J. Appl. Math. 17).

    Nobody starves: the chance after n failures is a / (a + b + n), so at equal costs a declaration goes before one with
    n failures only as long as it has fewer than a + b + 2n itself; at unequal costs so many times more or fewer.
    """
    octave = math.frexp(chosen.index)[1]
    tail = outlook.tails.get(chosen.declaration, 0.0)
    had = attempts(chosen.declaration, outlook.state)
    return -octave, -tail, -chosen.index, had, chosen.declaration
