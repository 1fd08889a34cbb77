"""Names of compiled Lean, and the plain values around them: lists, and bytes to take digests of.

A view of the objects that `prover.lean.olean` decodes; every shape is checked on sight. Layout: the constructors of
`Lean.Name` (src/Init/Prelude.lean). Called by whatever reads module data.
"""

from __future__ import annotations

from prover.errors import OleanError
from prover.lean.lexer import continues_name, starts_name
from prover.lean.olean import Object, Value

_MAX_NUMBER = 1 << 64  # in a name; Python refuses to print numbers of thousands of digits
_MAX_COMPONENTS = 256  # keeps the endless names of a damaged file cheap


class Name(tuple[str | int, ...]):
    """A hierarchical name, as its components. `«a.b»` and `a.b` differ, and so do `foo.1` and `foo.«1»`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Name:
        """The name that Lean prints as `text`; raises ValueError where it prints none so."""
        parts: list[str | int] = []
        at = -1
        while at < len(text):
            at += 1
            quoted = text.startswith("«", at)
            end = text.find("»", at) + 1 if quoted else text.find(".", at) % (len(text) + 1)
            part = text[at + 1 : end - 1] if quoted else text[at:end]
            if not part or text[end : end + 1] not in ("", "."):
                raise ValueError(f"{text!r} is not a Lean name")
            parts.append(int(part) if part.isdecimal() and not quoted else part)
            at = end
        return cls(parts)

    @property
    def user(self) -> Name:
        """The name as its module writes it: `_private.Some.Module.0.foo` is `foo` there."""
        return Name(self[self.index(0) + 1 :]) if self[:1] == ("_private",) and 0 in self else self

    def __lt__(self, other: tuple[str | int, ...]) -> bool:
        """Numbers before strings, as in `Lean.Name.cmp`; tuples alone do not compare the one with the other."""
        return [(isinstance(part, str), part) for part in self] < [(isinstance(part, str), part) for part in other]

    def __str__(self) -> str:
        return ".".join(map(_printed, self)) or "[anonymous]"

    def __repr__(self) -> str:
        return f"Name({str(self)!r})"


SORRY = Name(("sorryAx",))


def _printed(part: str | int) -> str:
    """One component as Lean prints it (`Lean.Name.escapePart`)."""
    if isinstance(part, int):
        return str(part)
    plain = part and starts_name(part[0]) and all(map(continues_name, part[1:]))
    return part if plain or "»" in part else f"«{part}»"


def read_name(value: Value) -> Name:
    """The `Lean.Name` that is `value`: 0 is anonymous, tag 1 ends in a string, tag 2 in a number."""
    parts: list[str | int] = []
    while isinstance(value, Object) and len(parts) < _MAX_COMPONENTS:
        last = value.fields[1] if len(value.fields) == 2 else None
        if isinstance(last, str) if value.tag == 1 else (value.tag == 2 and _is_part(last)):
            parts.append(last)  # type: ignore[arg-type]
            value = value.fields[0]
        else:
            break
    if isinstance(value, Object) or value != 0:
        raise OleanError("a name in a module file is malformed")
    return Name(reversed(parts))


def _is_part(value: Value | None) -> bool:
    return isinstance(value, int) and 0 <= value < _MAX_NUMBER


def read_list(value: Value) -> list[Value]:
    """The elements of a `List`: 0 is empty, tag 1 has head and tail."""
    elements: list[Value] = []
    while isinstance(value, Object) and value.tag == 1 and len(value.fields) == 2:
        head, value = value.fields
        elements.append(head)
    if isinstance(value, Object) or value != 0:
        raise OleanError("a list in a module file is malformed")
    return elements


def nat_bytes(value: Value) -> bytes:
    """A natural number, its length first."""
    if not isinstance(value, int) or value < 0:
        raise OleanError("a number in a module file is malformed")
    return text_bytes(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def text_bytes(content: bytes) -> bytes:
    """A string of bytes, its length first."""
    return len(content).to_bytes(8, "big") + content


def name_bytes(name: Name) -> bytes:
    """A name, the number of its components first."""
    parts = (b"n" + nat_bytes(part) if isinstance(part, int) else b"s" + text_bytes(part.encode()) for part in name)
    return len(name).to_bytes(8, "big") + b"".join(parts)
