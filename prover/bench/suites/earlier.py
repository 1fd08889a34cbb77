"""What a statement needs of the file in which it stands: the commands before it that can have to do with it.

Notations, instances, namespaces, sections and whatever has an attribute are all taken, since what they change need not
name them. A plain definition is taken where something that is taken names it, and so is a theorem, unproved: an agent
is told of what is asked, and the judge compiles no more than that. Called by `prover.bench.suites.lean`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from prover.lean.lexer import Sort, tokens

_OPENING = ("namespace", "section", "mutual")


@dataclass(frozen=True, slots=True)
class Command:
    """`text` is as it will stand before the statement. A `silent` one does nothing where nobody names it. An
    `unanswered` one is a definition whose value is left out."""

    text: str
    keyword: str
    name: str = ""
    silent: bool = False
    unanswered: bool = False


@dataclass
class Earlier:
    """The commands of a file so far."""

    commands: list[Command] = field(default_factory=list)
    _called: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # the ends of names: who has them
    _uses: list[frozenset[int]] = field(default_factory=list)  # of each command, which ones it names
    _always: set[int] = field(default_factory=set)  # what is not silent, and what that rests on
    _opened: set[str] = field(default_factory=set)  # the words of what is opened

    def add(self, command: Command, named: frozenset[int]) -> None:
        """One more command, with those before it that its text names."""
        number = len(self.commands)
        self._uses.append(named)
        self.commands.append(command)
        if not command.silent:
            self._always |= self._below({number})
        if command.keyword in ("open", "export"):
            self._opened |= _words(command.text)
        words = command.name.split(".") if command.name else []
        for start in range(len(words)):
            self._called[".".join(words[start:])].append(number)

    def preamble(self, statement: str, named: frozenset[int]) -> str:
        """The commands that the statement needs, which names these, in order, a blank line between two."""
        needed = self._always | self._below(named)
        opened = self._opened | (_words(statement) if "open" in statement else set())
        taken: list[Command] = []
        for number in sorted(needed):
            command = self.commands[number]
            if command.keyword == "end" and taken and _is_idle(taken[-1], opened):
                taken.pop()
            else:
                taken.append(command)
        return "\n\n".join(command.text for command in taken)

    def unanswered(self, named: frozenset[int]) -> str:
        """A definition whose value is left out and on which these commands rest; empty where there is none."""
        below = sorted(self._below(named))
        return next((self.commands[number].name for number in below if self.commands[number].unanswered), "")

    def named(self, text: str) -> frozenset[int]:
        """The commands that a text may name: `a.b.c` may be `b.c` of what is open, or the `c` of what `a.b` is."""
        found: set[int] = set()
        for token in tokens(text) if self._called else ():
            if token.sort is Sort.NAME:
                words = token.text.split(".")
                for start in range(len(words)):
                    for end in range(start + 1, len(words) + 1):
                        found.update(self._called.get(".".join(words[start:end]), ()))
        return frozenset(found)

    def _below(self, numbers: Iterable[int]) -> set[int]:
        """These commands, and all those on which they rest."""
        found: set[int] = set()
        ahead = list(numbers)
        while ahead:
            if (number := ahead.pop()) not in found:
                found.add(number)
                ahead += self._uses[number]
        return found


def _is_idle(opening: Command, opened: set[str]) -> bool:
    """Does it open what is closed at once? A namespace that somebody opens has to be there, with nothing in it too."""
    return opening.keyword in _OPENING and not (opening.keyword == "namespace" and _words(opening.text) & opened)


def _words(text: str) -> set[str]:
    """The words of the names in a text."""
    return {word for token in tokens(text) if token.sort is Sort.NAME for word in token.text.split(".")} - {
        "namespace",
        "open",
        "export",
        "in",
    }
