"""A project's statements as they are now: as they read in the source, and what `statements.lock` would say of them.

Reads a survey; compares and decides nothing. Called by `prover lock` and by the certificate.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from prover.errors import SlotError
from prover.lean.declarations import declared
from prover.lean.environment import Environment, statement_digest, statement_needs
from prover.lean.lexer import Sort, tokens
from prover.lean.name import Name, name_bytes
from prover.lean.source import offset
from prover.locks import Entry, Present, meaning
from prover.model import Kind
from prover.project import Survey


def present(survey: Survey) -> Present:
    """An entry for every declaration of the project. Raises OleanError for damaged data."""
    own = own_digests(survey.build.environment)
    entries = {
        name: Entry(kind=d.kind.value, reads=as_written(survey, name), own=own[name], statement=d.statement)
        for name, d in survey.declarations.items()
    }
    return Present(entries, {name: meaning(declaration) for name, declaration in survey.declarations.items()})


def as_written(survey: Survey, name: str) -> str:
    """The declaration as its source has it, on one line, without comments, attributes and the proof of a theorem.

    For people only: what a `variable`, an `open` or a notation adds to it stands elsewhere in the source.
    """
    declaration = survey.declarations[name]
    text = survey.build.modules[declaration.module].source.text
    try:
        slot = survey.slot(name)
        start, end = slot.keyword, slot.body[0 if declaration.kind is Kind.THEOREM else 1]
    except SlotError:  # a structure, an axiom, or a command that makes declarations
        start = offset(text, declaration.position)
        end = offset(text, declaration.end) if declaration.end else start
    unspoken = (Sort.COMMENT, Sort.DOC)
    spoken = (" " if token.sort in unspoken else token.text for token in tokens(text[start:end]))
    return " ".join("".join(spoken).split())


def own_digests(environment: Environment) -> dict[str, str]:
    """For each declaration SHA-256 of what is its own: itself, and what Lean generated for it and its meaning needs.

    It stays as it is when a declaration that this one uses is changed.
    """
    nodes = declared(environment)
    owners = {**{name.user: name for name in nodes.values()}, **{name: name for name in nodes.values()}}
    return {text: _own_digest(environment, name, owners) for text, name in nodes.items()}


def _own_digest(environment: Environment, name: Name, owners: Mapping[Name, Name]) -> str:
    reached, todo, digests = {name}, [name], []
    while todo:
        for constant in environment.constants.get(todo.pop(), ()):
            digests.append(name_bytes(constant.name) + statement_digest(constant))
            needed = statement_needs(constant) - reached
            own = {other for other in needed if _owner(other, owners) in (None, name)}
            reached |= own
            todo.extend(own)
    return sha256(b"".join(sorted(digests))).hexdigest()


def _owner(name: Name, owners: Mapping[Name, Name]) -> Name | None:
    """The declaration that a constant is, or was generated for: the nearest by name, if any."""
    names = (name, name.user)
    prefixes = (Name(full[:size]) for full in names for size in range(len(full), 0, -1))
    return next((owners[prefix] for prefix in prefixes if prefix in owners), None)
