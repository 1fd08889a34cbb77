"""The declaration graph: what rests on what, what is still open, and what can be worked on next.

An edge goes from a declaration to one that it uses: in its statement, in its proof, or only in the plan. The
graph is a value: built once from compiled declarations and a plan, it never changes, and its answers come in the
same order in every process. It knows nothing of Lean, files or agents. Dispatch, the coordinator and the tables
of the command line ask it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from heapq import nsmallest
from types import MappingProxyType

import networkx as nx

from prover.model import Declaration, Kind

# The kinds that give a statement its meaning and that a proof may want to unfold.
_DEFINING = frozenset({Kind.DEFINITION, Kind.INDUCTIVE, Kind.OPAQUE})


class State(StrEnum):
    """Where a declaration stands, in the order in which a table of open ones lists them."""

    READY = "ready"  # has a hole, and its statement is settled: work can start
    HOLE = "hole"  # has a hole, and its statement needs a definition that has one too
    OPEN = "open"  # complete itself, but rests on a hole
    PROVED = "proved"  # neither it nor anything it rests on has a hole


class EdgeKind(StrEnum):
    """Where one declaration names another; the first that applies."""

    STATEMENT = "statement"
    PROOF = "proof"
    PLANNED = "planned"  # in the plan, not (yet) in the code


class DeclarationGraph:
    """Compiled declarations, the plan's edges (declaration → planned uses), and questions about both.

    `imports` maps a module to every module that it imports, also indirectly. A name that `declarations` lacks
    is ignored wherever it is used or planned: `prover.blueprint.check` is where that is reported.
    """

    def __init__(
        self,
        declarations: Mapping[str, Declaration],
        planned: Mapping[str, Iterable[str]] | None = None,
        imports: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.declarations: Mapping[str, Declaration] = MappingProxyType(dict(sorted(declarations.items())))
        self._names = frozenset(self.declarations)
        self._imports = dict(imports or {})
        self._planned = {name: self._known(used) for name, used in (planned or {}).items()}
        self._uses = {
            name: self._known(declaration.statement_uses | declaration.proof_uses, {name})
            for name, declaration in self.declarations.items()
        }

    # What the code and the plan say

    def uses(self, name: str) -> frozenset[str]:
        """What the compiled statement and proof of `name` use, without itself."""
        return self._uses[name]

    def planned(self, name: str) -> frozenset[str]:
        """What the plan lets `name` use, for its statement or its proof."""
        return self._planned.get(name, frozenset())

    def needs(self, name: str) -> frozenset[str]:
        """What `name` uses or is planned to use."""
        planned = self._planned.get(name)
        return self._uses[name] | planned if planned else self._uses[name]

    def missing(self, name: str) -> frozenset[str]:
        """Those of `needs(name)` that are open."""
        return self.needs(name) & self.open()

    def users(self, name: str) -> frozenset[str]:
        """What needs `name` directly."""
        return self._users.get(name, frozenset())

    def resting_on(self, name: str) -> frozenset[str]:
        """What uses `name` in the code, directly or through others, without itself."""
        return _all_above([name], self._code_users) - {name}

    def dependents(self, name: str) -> frozenset[str]:
        """Everything that needs `name`, directly or through others."""
        return frozenset(nx.ancestors(self._needs_graph, name)) - {name}

    def edges(self) -> Iterator[tuple[str, str, EdgeKind]]:
        """Every (user, used, kind), sorted by name."""
        for name, declaration in self.declarations.items():
            for used in sorted(self.needs(name)):
                if used in declaration.statement_uses:
                    yield name, used, EdgeKind.STATEMENT
                else:
                    yield name, used, EdgeKind.PROOF if used in declaration.proof_uses else EdgeKind.PLANNED

    # What is open

    def holes(self) -> frozenset[str]:
        """Declarations whose own body contains a hole."""
        return self._holes

    def open(self) -> frozenset[str]:
        """Declarations that have a hole, or rest on one through statements and proofs."""
        return self._open

    def ready(self) -> frozenset[str]:
        """Holes that can be worked on: the meaning of their statement depends on no other hole.

        Meaning flows through statements, and through the bodies of all but theorems. What proves a theorem
        changes no statement, so an unproved lemma blocks nothing.
        """
        return self._ready

    def state(self, name: str) -> State:
        """Where one declaration stands."""
        if name not in self._open:
            return State.PROVED
        if not self.declarations[name].hole:
            return State.OPEN
        return State.READY if name in self._ready else State.HOLE

    # The shape

    def cycles(self) -> tuple[tuple[str, ...], ...]:
        """One cycle for each knot that the plan ties; each member needs the next, and the last the first.

        Code alone has no cycle but that of mutually inductive types, which is no mistake.
        """
        found = []
        for knot in nx.strongly_connected_components(self._needs_graph):
            planned = ((a, b) for a in knot for b in (self.planned(a) - self.uses(a)) & knot)
            user, used = min(planned, default=("", ""))
            if user:
                back = nx.shortest_path(_digraph(sorted(knot), self.needs), used, user)
                found.append((user, *back[:-1]))
        return tuple(sorted(found))

    def levels(self) -> Mapping[str, int]:
        """The longest chain of needs below each declaration; the members of a knot share their level."""
        return self._levels

    def critical_path(self) -> tuple[str, ...]:
        """The longest chain of open declarations, from the first to be proved to the last."""
        knots = nx.condensation(_digraph(sorted(self._open), self.needs))
        chain = nx.dag_longest_path(knots)
        return tuple(name for knot in reversed(chain) for name in sorted(knots.nodes[knot]["members"]))

    def blocks(self) -> Mapping[str, int]:
        """How many open declarations need each declaration, directly or through others."""
        return self._blocks

    # What an agent is told

    def definitions_of(self, name: str) -> tuple[str, ...]:
        """The project's definitions in the statement of `name`: its own first, then those they rest on."""
        statement = self._known(self.declarations[name].statement_uses) - {name}
        layers = nx.bfs_layers(self._meaning, sorted(statement)) if statement else ()
        found = (used for layer in layers for used in sorted(layer))
        return tuple(used for used in found if used != name and self.declarations[used].kind in _DEFINING)

    def lemmas_for(self, name: str, limit: int = 32) -> tuple[str, ...]:
        """At most `limit` proved theorems in scope for a proof of `name`: the planned ones, then the nearest.

        Nearness is the Jaccard index of what the two statements use. Among equals the later in the same module
        comes first, since authors state a lemma shortly before they need it.
        """
        own = self.declarations[name]

        def distance(lemma: Declaration) -> tuple[bool, float, bool, int, str]:
            shared = len(lemma.statement_uses & own.statement_uses)
            nearness = shared / (len(lemma.statement_uses | own.statement_uses) or 1)
            foreign = lemma.module != own.module
            line = 0 if foreign else -lemma.position.line
            return lemma.name not in self.planned(name), -nearness, foreign, line, lemma.name

        near = self.planned(name).union(*(self._stating[used] for used in self._known(own.statement_uses)))
        found = nsmallest(limit, self._proved_before(own, near), key=distance)
        if len(found) < limit:  # else everything that is not near comes after all of these
            found = nsmallest(limit, self._proved_before(own, self.declarations), key=distance)
        return tuple(lemma.name for lemma in found)

    def _proved_before(self, own: Declaration, names: Iterable[str]) -> Iterator[Declaration]:
        imported = self._imports.get(own.module, frozenset())
        start = (own.position.line, own.position.character)
        for lemma in map(self.declarations.__getitem__, names):
            if lemma.kind is Kind.THEOREM and lemma.name not in self._open:
                earlier = lemma.module == own.module and (lemma.position.line, lemma.position.character) < start
                if earlier or lemma.module in imported:
                    yield lemma

    # Computed once, on first use

    def _known(self, names: Iterable[str], without: Iterable[str] = ()) -> frozenset[str]:
        return self._names.intersection(names).difference(without)

    def _carries_meaning(self, name: str) -> frozenset[str]:
        declaration = self.declarations[name]
        theorem = declaration.kind is Kind.THEOREM
        return self._known(declaration.statement_uses) if theorem else self._uses[name]

    @cached_property
    def _needs_graph(self) -> nx.DiGraph[str]:
        return _digraph(self.declarations, self.needs)

    @cached_property
    def _meaning(self) -> nx.DiGraph[str]:
        return _digraph(self.declarations, self._carries_meaning)

    @cached_property
    def _stating(self) -> Mapping[str, list[str]]:
        """The declarations whose statements use each one."""
        return _reversed({name: self._known(d.statement_uses) for name, d in self.declarations.items()})

    @cached_property
    def _holes(self) -> frozenset[str]:
        return frozenset(name for name, declaration in self.declarations.items() if declaration.hole)

    @cached_property
    def _code_users(self) -> Mapping[str, list[str]]:
        return _reversed(self._uses)

    @cached_property
    def _users(self) -> Mapping[str, frozenset[str]]:
        users = _reversed({name: self.needs(name) for name in self.declarations})
        return {name: frozenset(found) for name, found in users.items()}

    @cached_property
    def _open(self) -> frozenset[str]:
        return _all_above(self.holes(), self._code_users)

    @cached_property
    def _ready(self) -> frozenset[str]:
        undefined = {name for name in self.holes() if self.declarations[name].kind is not Kind.THEOREM}
        if not undefined:
            return self.holes()
        meaning = {name: self._carries_meaning(name) for name in self.declarations}
        unsettled = _all_above(undefined, _reversed(meaning))
        statement = {name: self.declarations[name].statement_uses - {name} for name in self.holes()}
        return frozenset(name for name, used in statement.items() if not used & unsettled)

    @cached_property
    def _knots(self) -> nx.DiGraph[int]:
        return nx.condensation(self._needs_graph)

    @cached_property
    def _levels(self) -> Mapping[str, int]:
        members = self._knots.nodes(data="members")
        generations = nx.topological_generations(self._knots.reverse(copy=False))
        level_of = {knot: level for level, knots in enumerate(generations) for knot in knots}
        return MappingProxyType({name: level_of[knot] for knot, names in members for name in sorted(names)})

    @cached_property
    def _blocks(self) -> Mapping[str, int]:
        """Sets of dependents as bit masks, pushed down the graph: 6,000 walks would take a minute."""
        bit = {name: 1 << place for place, name in enumerate(sorted(self._open))}
        above: dict[int, int] = dict.fromkeys(self._knots, 0)
        count: dict[str, int] = {}
        for knot in nx.topological_sort(self._knots):
            members = self._knots.nodes[knot]["members"]
            reach = above[knot] | sum(bit.get(name, 0) for name in members)
            for below in self._knots.successors(knot):
                above[below] |= reach
            count |= {name: (reach & ~bit.get(name, 0)).bit_count() for name in members}
        return MappingProxyType(count)


def _digraph(names: Iterable[str], targets: Callable[[str], frozenset[str]]) -> nx.DiGraph[str]:
    """The graph on `names`, inserted in sorted order, since networkx answers in the order of insertion."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(names)
    graph.add_edges_from((name, used) for name in graph for used in sorted(targets(name)) if used in graph)
    return graph


def _reversed(uses: Mapping[str, Iterable[str]]) -> Mapping[str, list[str]]:
    """By whom each is used."""
    users = defaultdict(list)
    for name, used in uses.items():
        for below in used:
            users[below].append(name)
    return users


def _all_above(names: Iterable[str], users: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """`names` and everything that uses one of them, directly or through others."""
    found, waiting = set(names), list(names)
    while waiting:
        new = set(users.get(waiting.pop(), ())) - found
        found |= new
        waiting.extend(new)
    return frozenset(found)
