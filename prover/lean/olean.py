"""Lean's module files as trees of Python values: the format, and every check that a file must pass.

A file is a header and then objects, each behind all that it points to (Lean's compactor writes children first; a
later part of a module may point into an earlier one). So one pass from front to back decodes everything, a pointer
to anything but an object already read is an error, and cycles cannot occur. Nothing here recurses, and nothing knows
what the objects mean: that is `prover.lean.module`, the only caller.
Format: src/library/module.cpp, src/runtime/compact.cpp and src/include/lean/lean.h of Lean 4.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from prover.errors import OleanError

VERSION = 2  # 1: before Lean 4.12 or so, a shorter header without flags
_MAGIC, _ADDRESSES = b"olean", 80  # 5 magic, 1 version, 1 flags, 33 Lean version, 40 git hash, then two addresses
_USES_GMP = 1
_HEADER = struct.Struct("<iHBB")  # reference count (0: not counted), size, other, tag
_LAST_CONSTRUCTOR, _ARRAY, _SCALARS, _STRING, _BIG, _THUNK, _TASK, _REF = 244, 246, 248, 249, 250, 251, 252, 253


class Object:
    """A constructor of an inductive type: its number, its fields, and the bytes of its unboxed fields.

    Compared by identity: what is equal is shared, and a comparison by value could take exponential time.
    """

    __slots__ = ("fields", "scalars", "tag")

    def __init__(self, tag: int, fields: tuple[Value, ...], scalars: bytes) -> None:
        self.tag = tag
        self.fields = fields
        self.scalars = scalars


class Big(int):
    """A number that is an object of its own in the file."""

    fits_a_word: bool  # a natural number that fits is stored in place of a pointer, never so


# Boxed scalars and natural numbers are int, arrays tuples, scalar arrays bytes.
Value: TypeAlias = "int | str | bytes | tuple[Value, ...] | Object"


class _Part(NamedTuple):
    path: Path
    data: bytes
    word: int  # bytes of a pointer
    base: int
    root: int
    gmp: bool


def read_root(paths: Sequence[Path]) -> tuple[Value, int]:
    """The root object of the last part of a module, and the size of a pointer where it was compiled: 4 or 8 bytes.

    `paths` are the parts in Lean's order: `.olean`, `.olean.server`, `.olean.private`; the later need the earlier.
    Raises OleanError for whatever is not a file that Lean wrote.
    """
    objects: dict[int, Value] = {}
    first = _open(paths[0])
    parts = [first, *(_open(path, first) for path in paths[1:])]
    for part in parts:
        _Reader(part, objects).read()
    return _root(parts[-1], objects), parts[-1].word


def _open(path: Path, first: _Part | None = None) -> _Part:
    """The root of a later part may lie in an earlier one: a module of nothing but imports has no private data."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise OleanError(f"{path} cannot be read: {error.strerror}") from error
    if data[:5] != _MAGIC:
        raise OleanError(f"{path} is not a Lean module file")
    if len(data) < _ADDRESSES + 2 * (first.word if first else 8):
        raise OleanError(f"{path} is cut short")
    if data[5] != VERSION:
        raise OleanError(
            f"{path} is in olean format {data[5]}; only format {VERSION} can be read",
            "compile the project again with a Lean that writes this format",
        )
    # A 32-bit file cannot pass for a 64-bit one: its root's low half would be the first object's count, 0.
    for word, layout in ((8, "<QQ"), (4, "<II")):
        if first and word != first.word:
            continue
        base, root = struct.unpack_from(layout, data, _ADDRESSES)
        if first or base <= root < base + len(data):
            return _Part(path, data, word, base, root, bool(data[6] & _USES_GMP))
    raise OleanError(f"{path} is cut short or damaged: its root lies outside")


def _root(part: _Part, objects: dict[int, Value]) -> Value:
    try:
        return objects[part.root]
    except KeyError:
        raise OleanError(f"{part.path} is damaged: its root is no object") from None


class _Reader:
    """Decodes one part into `objects`, which maps addresses to values and already has the earlier parts."""

    def __init__(self, part: _Part, objects: dict[int, Value]) -> None:
        self.part, self.data, self.word, self.objects = part, part.data, part.word, objects
        self.code = "Q" if part.word == 8 else "I"
        self.layouts: dict[int, struct.Struct] = {}
        self.other_kinds = {
            _ARRAY: self.array,
            _SCALARS: self.scalar_array,
            _STRING: self.string,
            _BIG: self.big,
            _THUNK: self.cell,
            _TASK: self.cell,
            _REF: self.cell,
        }

    def read(self) -> None:
        at, end, base, objects = _ADDRESSES + 2 * self.word, len(self.data), self.part.base, self.objects
        if any(base <= address < base + end for address in (next(iter(objects), -1), next(reversed(objects), -1))):
            raise self.damaged(at, "its addresses overlap another part's")
        try:
            while at < end:
                value, size = self.object(at)
                objects[base + at] = value
                at += -(-size // self.word) * self.word
        except struct.error:
            raise self.damaged(at, "it is cut short") from None
        except KeyError:
            raise self.damaged(at, "a pointer leads to no earlier object") from None
        if at != end:
            raise self.damaged(at, "it is cut short")

    def object(self, at: int) -> tuple[Value, int]:
        """The object at an offset, and its size in bytes."""
        count, size, other, tag = _HEADER.unpack_from(self.data, at)
        if count:
            raise self.damaged(at, "an object is counted")
        if tag > _LAST_CONSTRUCTOR:
            if tag not in self.other_kinds:
                raise self.damaged(at, f"no object of tag {tag} can be in a file")
            return self.other_kinds[tag](at, other)
        scalars = at + 8 + other * self.word
        if not (scalars <= at + size <= len(self.data)):
            raise self.damaged(at, "an object does not fit")
        return Object(tag, self.pointers(at + 8, other), self.data[scalars : at + size]), size

    def pointers(self, at: int, count: int) -> tuple[Value, ...]:
        layout = self.layouts.get(count)
        if layout is None:
            if count * self.word > len(self.data) - at:
                raise self.damaged(at, "an object does not fit")
            layout = self.layouts[count] = struct.Struct(f"<{count}{self.code}")
        objects = self.objects
        return tuple([p >> 1 if p & 1 else objects[p] for p in layout.unpack_from(self.data, at)])

    def words(self, at: int, count: int) -> tuple[int, ...]:
        return struct.unpack_from(f"<{count}{self.code}", self.data, at)

    def span(self, at: int, size: int) -> bytes:
        if not 0 <= size <= len(self.data) - at:
            raise self.damaged(at, "an object does not fit")
        return self.data[at : at + size]

    def array(self, at: int, _other: int) -> tuple[Value, int]:
        size, capacity = self.words(at + 8, 2)
        if capacity != size:
            raise self.damaged(at, "an array has room to spare")
        return self.pointers(at + 8 + 2 * self.word, size), 8 + (2 + size) * self.word

    def scalar_array(self, at: int, element: int) -> tuple[Value, int]:
        size, capacity = self.words(at + 8, 2)
        if capacity != size or element not in (1, 2, 4, 8):
            raise self.damaged(at, "a scalar array is malformed")
        start = 8 + 2 * self.word
        return self.span(at + start, size * element), start + size * element

    def string(self, at: int, _other: int) -> tuple[Value, int]:
        size, capacity, length = self.words(at + 8, 3)
        start = 8 + 3 * self.word
        content = self.span(at + start, size)
        try:
            text = content[:-1].decode()
        except UnicodeDecodeError:
            raise self.damaged(at, "a string is not UTF-8") from None
        if capacity != size or content[-1:] != b"\0" or len(text) != length:
            raise self.damaged(at, "a string is malformed")
        return text, start + size

    def big(self, at: int, _other: int) -> tuple[Value, int]:
        """A number beyond a machine word.

        GMP's `mpz_t` (allocated, signed size, limbs of a word), or Lean's own `mpz` (sign, size, limbs of 4 bytes).
        """
        if self.part.gmp:
            _allocated, size = struct.unpack_from("<ii", self.data, at + 8)
            negative, limbs, limb, start = size < 0, abs(size), self.word, 16 + self.word
        else:
            negative, limbs = (field & mask for field, mask in zip(self.words(at + 8, 2), (0xFF, -1), strict=True))
            limb, start = 4, 8 + 3 * self.word
        (address,) = self.words(at + start - self.word, 1)
        if address != self.part.base + at + start or limbs == 0:
            raise self.damaged(at, "a big number is malformed")
        magnitude = int.from_bytes(self.span(at + start, limbs * limb), "little")
        value = Big(-magnitude if negative else magnitude)
        value.fits_a_word = magnitude < 1 << (8 * self.word - 1)
        return value, start + limbs * limb

    def cell(self, at: int, _other: int) -> tuple[Value, int]:
        """A thunk, task or reference: the one value that it holds."""
        tag = self.data[at + 7]
        fields = 1 if tag == _REF else 2
        return Object(tag, self.pointers(at + 8, 1), b""), 8 + fields * self.word

    def damaged(self, at: int, what: str) -> OleanError:
        return OleanError(f"{self.part.path} is damaged at byte {at}: {what}")
