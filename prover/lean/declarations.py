"""The declarations of a project, as its compiled modules have them: what a reader of the source would count.

A declaration is a constant that Lean recorded a place in the source for. What has none, or stands inside another
declaration (constructors, fields, `where` functions, derived instances), is generated: part of its owner, and looked
through when it is asked who uses whom. So the uses among declarations are exactly the uses among constants.
Called by whatever builds the graph; decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from prover.errors import OleanError, ProjectError
from prover.lean.environment import Environment
from prover.lean.expr import CONST
from prover.lean.module import Constant, Module
from prover.lean.name import SORRY, Name, read_name
from prover.lean.olean import Object, Value
from prover.model import Declaration, Kind, Position

# The types of what `notation`, `macro` and `syntax` declare: ways to write mathematics, not mathematics.
_SYNTAX = frozenset(
    map(
        Name.parse,
        ("Lean.ParserDescr", "Lean.TrailingParserDescr", "Lean.Macro", "Lean.PrettyPrinter.Unexpander"),
    )
)


_LONGEST = 1 << 31  # more lines or columns than a source has


class _Range(NamedTuple):
    """Where a command stands: lines and UTF-16 columns, both from 0."""

    start: tuple[int, int]
    end: tuple[int, int]


class _Node(NamedTuple):
    """A constant that is a declaration."""

    constant: Constant
    module: str
    place: _Range


def declarations(environment: Environment) -> dict[str, Declaration]:
    """Every declaration by its name as users write it, in the order of modules and sources.

    Raises ProjectError when two declarations cannot be told apart by name, OleanError for damaged data.
    """
    nodes = _nodes(environment)
    reader = _Reader(environment, nodes, _shown(nodes))
    return {reader.shown[name]: reader.declaration(node) for name, node in nodes.items()}


def declared(environment: Environment) -> dict[str, Name]:
    """From the names of `declarations` to the constants' own names, which tell private ones of two modules apart."""
    return {text: name for name, text in _shown(_nodes(environment)).items()}


def _nodes(environment: Environment) -> dict[Name, _Node]:
    nodes: dict[Name, _Node] = {}
    for module_name, module in environment.modules.items():
        for name, place in _outermost(module):
            if name in nodes:
                raise ProjectError(
                    f"{name} is declared in {nodes[name].module} and in {module_name}", "rename one of the two"
                )
            nodes[name] = _Node(module.constants[name], module_name, place)
    return nodes


def _outermost(module: Module) -> Iterator[tuple[Name, _Range]]:
    """The constants with a place of their own that is not within another's, in the order of the source."""
    # Told apart by kind too, since the way from a structure to its parent has the place of the whole structure.
    fields = {_row_name(row) for row in module.extension("Lean.projectionFnInfoExt")}
    places = [_place(row) for row in module.extension("Lean.declRangeExt")]
    places = [(name, place) for name, place in places if name not in fields and _counts(module, name)]
    outer: _Range | None = None
    for name, place in sorted(places, key=lambda item: (item[1].start, *(-end for end in item[1].end), str(item[0]))):
        if outer is None or place == outer or place.end > outer.end:
            outer = place
            yield name, place


def _row_name(row: Value) -> Name:
    """The name that a row of an extension is about, its first field."""
    if isinstance(row, Object) and row.fields:
        return read_name(row.fields[0])
    raise OleanError("an extension entry in a module file is malformed")


def _counts(module: Module, name: Name) -> bool:
    """Is it a constant, and one that a reader of the source would count?"""
    constant = module.constants.get(name)
    if constant is None or constant.kind in (Kind.CONSTRUCTOR, Kind.RECURSOR):
        return False
    return constant.type.tag != CONST or not constant.statement_mentions & _SYNTAX


def _place(row: Value) -> tuple[Name, _Range]:
    """A row of `Lean.declRangeExt`: name, `DeclarationRanges`. Lean counts lines from 1."""
    match row:
        case Object(fields=(name, Object(fields=(Object(fields=(start, column, end, end_column)), _)))):
            match start, end, column, end_column:
                case (
                    Object(fields=(int(line), _)),
                    Object(fields=(int(end_line), _)),
                    int(column),
                    int(end_column),
                ) if all(0 <= number < _LONGEST for number in (line, end_line, column, end_column)):
                    return read_name(name), _Range((line - 1, column), (end_line - 1, end_column))
    raise OleanError("a declaration's place in a module file is malformed")


def _shown(nodes: Iterable[Name]) -> dict[Name, str]:
    """How each declaration is called: as users write it, but in full where that could mean another one too."""
    users = Counter(str(name.user) for name in nodes)
    shown = {name: str(name if users[str(name.user)] > 1 and name.user != name else name.user) for name in nodes}
    if twice := [text for text, count in Counter(shown.values()).items() if count > 1]:
        raise ProjectError(f"there are two declarations that are written {twice[0]}", "rename one of the two")
    return shown


class _Reader:
    """Looks through what is generated, to see which declaration uses which."""

    def __init__(self, environment: Environment, nodes: Mapping[Name, _Node], shown: Mapping[Name, str]) -> None:
        self.environment, self.nodes, self.shown = environment, nodes, shown
        self.generated_holes = dict(self.owned_holes())

    def declaration(self, node: _Node) -> Declaration:
        constant, name = node.constant, node.constant.name
        statement, body = self.reach(constant.statement_mentions), self.reach(constant.body_mentions)
        owners = {self.generated_holes[hole] for hole in (statement | body) & self.generated_holes.keys()}
        return Declaration(
            name=self.shown[name],
            module=node.module,
            kind=constant.kind,
            statement=self.environment.statement(name),
            statement_uses=self.names_in(statement - {name}),
            proof_uses=self.names_in((body | owners) - {name}),
            hole=SORRY in constant.mentions or None in owners or name in self.generated_holes.values(),
            position=Position(*node.place.start),
            end=Position(*node.place.end),
        )

    def names_in(self, reached: Set[Name | None]) -> frozenset[str]:
        return frozenset(text for name, text in self.shown.items() if name in reached)

    def reach(self, start: frozenset[Name]) -> set[Name]:
        """What is mentioned, through generated constants but no further than the next declaration."""
        reached = set(start)
        todo = list(start)
        while todo:
            name = todo.pop()
            for constant in () if name in self.nodes else self.environment.constants.get(name, ()):
                todo.extend(constant.mentions - reached)
                reached |= constant.mentions
        return reached

    def owned_holes(self) -> Iterator[tuple[Name, Name | None]]:
        """Generated constants with a hole, and the declarations that they belong to: the nearest by name, if any."""
        owners = {(node.module, name.user): name for name, node in self.nodes.items()}
        for module_name, module in self.environment.modules.items():
            for constant in module.constants.values():
                if SORRY in constant.mentions and constant.name not in self.nodes:
                    name = constant.name.user
                    prefixes = ((module_name, Name(name[:size])) for size in range(len(name), 0, -1))
                    yield constant.name, next((owners[prefix] for prefix in prefixes if prefix in owners), None)
