"""Entries of Lean's environment extensions: values whose types nobody tells us, and what can be said of them still.

Which names an entry mentions, which one it is about, and its digest. What an extension means is for the callers: the
interface of a module, and the judge.
"""

from __future__ import annotations

from hashlib import sha256

from prover.errors import OleanError
from prover.lean.name import Name, nat_bytes, read_name, text_bytes
from prover.lean.olean import Object, Value


def first_name(row: Value) -> Name:
    """The name that a row is about: itself, or its first field; anonymous if neither is a name."""
    for value in (row, row.fields[0] if isinstance(row, Object) and row.fields else row):
        try:
            return read_name(value)
        except OleanError:
            continue
    return Name()


def names_in(root: Value) -> frozenset[Name]:
    """Every name in a value whose type nobody tells us; a name's own prefixes do not count."""
    found, todo, seen = set(), [root], set()
    while todo:
        value = todo.pop()
        if id(value) in seen or not isinstance(value, Object | tuple):
            continue
        seen.add(id(value))
        if isinstance(value, Object) and value.tag in (1, 2) and len(value.fields) == 2:
            try:
                found.add(read_name(value))
                continue
            except OleanError:  # a pair of something else
                pass
        todo.extend(value.fields if isinstance(value, Object) else value)
    return frozenset(found)


class RowDigests:
    """Digests of values whose types nobody tells us, each shared one once."""

    def __init__(self, word: int) -> None:
        self.word = word
        self.done: dict[int, bytes] = {}  # by identity; the module keeps the values alive

    def digest(self, root: Value) -> bytes:
        todo = [root]
        while todo:
            value = todo[-1]
            if id(value) not in self.done:
                children = value.fields if isinstance(value, Object) else value if isinstance(value, tuple) else ()
                if missing := [child for child in children if id(child) not in self.done]:
                    todo.extend(missing)
                    continue
                parts = (self.own(value), *(self.done[id(child)] for child in children))
                self.done[id(value)] = sha256(b"".join(parts)).digest()
            todo.pop()
        return self.done[id(root)]

    def own(self, value: Value) -> bytes:
        """What a value has beside its children."""
        match value:
            case Object():
                return b"object" + nat_bytes(value.tag) + text_bytes(self.written(value.scalars))
            case tuple():
                return b"array" + nat_bytes(len(value))
            case bytes():
                return b"bytes" + text_bytes(value)
            case str():
                return b"text" + text_bytes(value.encode())
        return (b"minus" if value < 0 else b"number") + nat_bytes(abs(value))

    def written(self, scalars: bytes) -> bytes:
        """Unboxed fields without the bytes behind them that Lean never wrote.

        An object's size is rounded up to 8 bytes, and only its last word is cleared first. On 32 bits that leaves
        up to three wild bytes at the end of the last word but one, when the last is all padding.
        """
        if self.word == 4 and len(scalars) >= 8 and scalars[-4:] == bytes(4):
            return scalars[:-7] + bytes(7)
        return scalars
