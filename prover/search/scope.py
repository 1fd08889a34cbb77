"""What can be used where: which of the premises that were found can be named in the proof that asks for them.

Works from a Survey and from what the modules below the project import. A module that is not compiled here, as one of a
corpus may be, cannot be imported. Called by the searcher.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, replace
from functools import cached_property

from agents.base import Premise
from prover.model import Declaration
from prover.project import Survey


class Scope:
    """The place of the declaration `asker`, or the whole of the module `module`; everywhere, where both are empty.

    `below` has every compiled module that is not the project's, and what its importers import with it.
    """

    def __init__(self, survey: Survey, below: Mapping[str, frozenset[str]], asker: str = "", module: str = "") -> None:
        self._survey, self._below = survey, below
        self._asker = survey.declarations.get(asker)
        self._home = self._asker.module if self._asker else module

    def marked(self, premise: Premise) -> Premise:
        """The premise, with what is so of it now."""
        return replace(premise, proved=self._proved(premise), importable=self._importable(premise))

    def tier(self, premise: Premise) -> int:
        """How far a marked premise is from being of use: 0 none, 1 an import is missing, 2 it cannot be used as yet."""
        if not (premise.proved and premise.importable):
            return 2
        return 0 if not self._home or premise.module in self._visible else 1

    def _proved(self, premise: Premise) -> bool:
        owner = self._owner(premise)
        return owner is None or owner.name not in self._survey.graph.open()

    def _importable(self, premise: Premise) -> bool:
        modules, owner = self._survey.build.modules, self._owner(premise)
        if premise.module not in modules:
            return premise.module in self._below
        if premise.module == self._home and self._asker and owner:
            return astuple(owner.position) < astuple(self._asker.position)
        return self._home not in modules[premise.module].sees

    def _owner(self, premise: Premise) -> Declaration | None:
        """The project's declaration that it is, or belongs to as a constructor does."""
        name = premise.name
        while name and name not in self._survey.declarations:
            name = name.rpartition(".")[0]
        found = self._survey.declarations.get(name)
        return found if found and found.module == premise.module else None

    @cached_property
    def _visible(self) -> frozenset[str]:
        """The modules in scope: the imported ones, and what these import for their importers."""
        own = self._survey.build.environment.modules
        seen, todo = {self._home}, [str(each.module) for each in own[self._home].imports] if self._home in own else []
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += [str(each.module) for each in own[name].imports if each.public] if name in own else []
                todo += self._below.get(name, ())
        return frozenset(seen)
