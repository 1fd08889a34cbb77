"""Which declaration next, and which agent: pure functions of the graph and the state.

A theorem with a hole whose statement is in place is worth an attempt when its agent has not tried it yet, or when
something that it needs has been proved since. Those whose planned needs are all proved come first; among them those
that a warm worker can take, and then the one that most open declarations wait for. The coordinator calls `assign`
whenever a place is free.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from prover.graph import DeclarationGraph
from prover.model import Kind
from prover.state import State


@dataclass(frozen=True, slots=True)
class Assignment:
    """Attempt this declaration with this agent. `knew` are its needs that are proved by now."""

    declaration: str
    agent: str
    knew: frozenset[str]


def assign(
    graph: DeclarationGraph, state: State, agents: Sequence[str], places: int, warm: Collection[str] = ()
) -> list[Assignment]:
    """At most `places` assignments, best first; empty when nothing is worth an attempt now.

    `warm` are modules whose imports a worker has at hand: theirs come first, since a worker's start costs seconds.

    A declaration with open planned needs is attempted only when nothing under way could still prove one of them:
    the plan may ask for more than the proof does, but it is asked first.
    """
    theorems = [name for name in graph.ready() if graph.declarations[name].kind is Kind.THEOREM]
    free = [name for name in theorems if name not in state.in_flight and name not in state.merged]
    worth = {name: choice for name in free if (choice := _choice(name, graph, state, agents))}
    planned = [name for name in worth if not graph.missing(name)]
    hopeful = planned or [name for name in worth if not graph.missing(name) & state.in_flight.keys()]
    hopeful.sort(key=lambda name: (graph.declarations[name].module not in warm, -graph.blocks()[name], name))
    return [worth[name] for name in hopeful[:places]]


def _choice(name: str, graph: DeclarationGraph, state: State, agents: Sequence[str]) -> Assignment | None:
    """The first agent that has something new to go by, or None."""
    tried = state.tried.get(name, ())
    resting = frozenset().union(*(t.rests_on for t in tried))
    knew = (graph.needs(name) | resting) - graph.open()
    for agent in agents:
        before = [t.knew for t in tried if t.agent == agent]
        if all(known < knew for known in before):
            return Assignment(name, agent, knew)
    return None


def waiting_for(name: str, graph: DeclarationGraph, state: State) -> frozenset[str]:
    """What `name` rests on or is planned to need, and is still open: why it sleeps."""
    resting = frozenset().union(*(t.rests_on for t in state.tried.get(name, ())))
    return (graph.missing(name) | resting) & graph.open() - {name}
