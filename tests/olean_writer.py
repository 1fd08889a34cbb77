"""Writes module files object by object, well-formed or not, as Lean's compactor lays them out."""

import struct
from pathlib import Path
from typing import NamedTuple

from prover.lean.olean import Object, Value

BASE = 0x10000000


class Pointer(NamedTuple):
    address: int


class Writer:
    """`word` is 4 or 8. What is added is behind all that was added before; `Pointer`s lead to it."""

    def __init__(self, word: int = 8, base: int = BASE, version: int = 2, gmp: bool = True) -> None:
        self.word, self.base, self.gmp = word, base, gmp
        self.data = bytearray(b"olean" + bytes([version, gmp]) + b"4.28.0".ljust(33, b"\0") + bytes(40))
        self.data += bytes(2 * word)

    def words(self, *numbers: int) -> bytes:
        return struct.pack(f"<{len(numbers)}{'Q' if self.word == 8 else 'I'}", *numbers)

    def raw(self, tag: int, content: bytes, size: int = 1, other: int = 0, count: int = 0) -> Pointer:
        pointer = Pointer(self.base + len(self.data))
        self.data += struct.pack("<iHBB", count, size, other, tag) + content
        self.data += bytes(-len(self.data) % self.word)
        return pointer

    def constructor(self, tag: int, *fields: Pointer | int, scalars: bytes = b"") -> Pointer:
        """A field is a pointer or a small number; the size is rounded up to 8 bytes, as Lean's allocator does."""
        content = self.words(*map(self.boxed, fields)) + scalars
        content += bytes(-len(content) % 8)
        return self.raw(tag, content, 8 + len(content), len(fields))

    def boxed(self, field: Pointer | int) -> int:
        return field.address if isinstance(field, Pointer) else 2 * field + 1

    def array(self, *elements: Pointer | int) -> Pointer:
        return self.raw(246, self.words(len(elements), len(elements), *map(self.boxed, elements)))

    def string(self, text: str) -> Pointer:
        content = text.encode() + b"\0"
        return self.raw(249, self.words(len(content), len(content), len(text)) + content)

    def big(self, number: int) -> Pointer:
        limb = self.word if self.gmp else 4
        limbs = -(-abs(number).bit_length() // (8 * limb))
        here = self.base + len(self.data) + (16 if self.gmp else 8 + 2 * self.word) + self.word
        head = (
            struct.pack("<ii", limbs, limbs if number >= 0 else -limbs) if self.gmp else self.words(number < 0, limbs)
        )
        return self.raw(250, head + self.words(here) + abs(number).to_bytes(limbs * limb, "little"))

    def bytes(self, content: bytes) -> Pointer:
        return self.raw(248, self.words(len(content), len(content)) + content, other=1)

    def value(self, value: Value) -> Pointer | int:
        """Any value, its parts first."""
        match value:
            case Object():
                return self.constructor(value.tag, *map(self.value, value.fields), scalars=value.scalars)
            case tuple():
                return self.array(*map(self.value, value))
            case str():
                return self.string(value)
            case bytes():
                return self.bytes(value)
        return value if 0 <= value < 1 << (8 * self.word - 1) else self.big(value)

    def write(self, path: Path, root: Pointer) -> Path:
        start = len(self.data[:80])
        self.data[start : start + 2 * self.word] = self.words(self.base, root.address)
        path.write_bytes(self.data)
        return path


def same(left: Value, right: Value) -> bool:
    """Equal as trees; for small ones."""
    if isinstance(left, Object) and isinstance(right, Object):
        alike = (left.tag, left.scalars) == (right.tag, right.scalars)
        return alike and same(left.fields, right.fields)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)
