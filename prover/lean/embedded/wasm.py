"""Take the 200,000 exports out of Lean's WebAssembly module, and keep them findable.

Lean's interpreter looks compiled functions up by name, so the module exports them all; a JavaScript engine makes an
object of each export, in each thread, which costs a second and 200 MB. Here the exported functions go into the
module's function table instead, and their names into a symbol table beside it. No byte of code is touched.
Format: https://webassembly.github.io/spec/core/binary/modules.html. Called by `install`.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import accumulate

from prover.errors import ProvisionError

HEADER = b"\0asm\x01\0\0\0"
IMPORT, TABLE, GLOBAL, EXPORT, ELEMENT = 2, 4, 6, 7, 9  # numbers of sections
FUNCTION, MEMORY, VARIABLE = 0, 2, 3  # kinds of imports and exports
FUNCREF, I32_CONST, END = 0x70, 0x41, 0x0B


@dataclass(slots=True)
class Reader:
    """A place in the bytes of a module, moving forward."""

    data: bytes
    at: int = 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def unsigned(self) -> int:
        """An unsigned LEB128 number."""
        value = shift = 0
        while (byte := self.byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
        return value | byte << shift

    def signed(self) -> int:
        """A signed LEB128 number."""
        begin = self.at
        value = self.unsigned()
        bits = 7 * (self.at - begin)
        return value - (1 << bits) if value >> (bits - 1) else value

    def take(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]

    def name(self) -> bytes:
        return self.take(self.unsigned())

    def expect(self, *wanted: int) -> None:
        if (found := self.take(len(wanted))) != bytes(wanted):
            raise changed(f"{found.hex()} instead of {bytes(wanted).hex()}")


@dataclass(frozen=True, slots=True)
class Export:
    """A name of the module for one of its functions, globals or tables."""

    name: bytes
    kind: int
    index: int

    def encode(self) -> bytes:
        return unsigned(len(self.name)) + self.name + bytes([self.kind]) + unsigned(self.index)


def slim(module: bytes, used: Collection[str]) -> tuple[bytes, bytes]:
    """The module with only the `used` exports (and its table), and the symbol table of all of them.

    Raises ProvisionError when the module is not built as the pinned one is.
    """
    parts = sections(module)
    body = dict(parts)
    exports = list(read_exports(body[EXPORT]))
    slots, free = read_table(body[ELEMENT])
    added = list(dict.fromkeys(e.index for e in exports if e.kind == FUNCTION and e.index not in slots))
    slots |= {function: free + k for k, function in enumerate(added)}
    values = {FUNCTION: slots, VARIABLE: read_addresses(body[IMPORT], body[GLOBAL])}
    kept = [e.encode() for e in exports if e.kind not in values or e.name.decode() in used]
    new = {
        TABLE: resized(body[TABLE], free, free + len(added)),
        EXPORT: unsigned(len(kept)) + b"".join(kept),
        ELEMENT: unsigned(2) + body[ELEMENT][1:] + segment(free, added),
    }
    symbols = {e.name: values[e.kind][e.index] for e in exports if e.kind in values}
    return join([(number, new.get(number, content)) for number, content in parts]), encode_symbols(symbols)


def sections(module: bytes) -> list[tuple[int, bytes]]:
    """The sections in order, as number and content."""
    if not module.startswith(HEADER):
        raise changed("it does not start as a module")
    reader, found = Reader(module, len(HEADER)), []
    while reader.at < len(module):
        found.append((reader.byte(), reader.take(reader.unsigned())))
    if missing := {IMPORT, TABLE, GLOBAL, EXPORT, ELEMENT} - {number for number, _ in found}:
        raise changed(f"it has no section {min(missing)}")
    return found


def join(parts: list[tuple[int, bytes]]) -> bytes:
    """The module made of these sections."""
    return HEADER + b"".join(bytes([number]) + unsigned(len(content)) + content for number, content in parts)


def read_exports(section: bytes) -> Iterator[Export]:
    reader = Reader(section)
    for _ in range(reader.unsigned()):
        yield Export(reader.name(), reader.byte(), reader.unsigned())


def read_table(elements: bytes) -> tuple[dict[int, int], int]:
    """Slot by function, and the first slot after the only segment."""
    reader = Reader(elements)
    reader.expect(1, 0, I32_CONST)  # one segment, active, of table 0, from a constant slot on
    first = reader.signed()
    reader.expect(END)
    functions = [reader.unsigned() for _ in range(reader.unsigned())]
    return {function: first + k for k, function in enumerate(functions)}, first + len(functions)


def resized(table: bytes, before: int, after: int) -> bytes:
    """The only table, of function references and without a maximum, with room for `after` functions."""
    kind = bytes([1, FUNCREF, 0])
    if table != kind + unsigned(before):
        raise changed("its table is not as large as its functions need")
    return kind + unsigned(after)


def read_addresses(imports: bytes, globals_: bytes) -> dict[int, int]:
    """The value of every global by its index; imported globals come first in the count and are left out."""
    reader, imported = Reader(globals_), imported_globals(imports)
    addresses = {}
    for index in range(reader.unsigned()):
        reader.take(2)  # type, mutability
        reader.expect(I32_CONST)
        addresses[imported + index] = reader.signed() & 0xFFFFFFFF
        reader.expect(END)
    return addresses


def imported_globals(section: bytes) -> int:
    """How many of the imports are globals."""
    reader, count = Reader(section), 0
    for _ in range(reader.unsigned()):
        reader.name()
        reader.name()
        kind = reader.byte()
        if kind == FUNCTION:
            reader.unsigned()
        elif kind == MEMORY:
            bounded = reader.byte() & 1
            reader.unsigned()
            if bounded:
                reader.unsigned()
        elif kind == VARIABLE:
            reader.take(2)
            count += 1
        else:
            raise changed(f"it imports something of kind {kind}")
    return count


def segment(first: int, functions: list[int]) -> bytes:
    """An active element segment: these functions from slot `first` on."""
    head = bytes([0, I32_CONST]) + signed(first) + bytes([END])
    return head + unsigned(len(functions)) + b"".join(map(unsigned, functions))


def encode_symbols(symbols: dict[bytes, int]) -> bytes:
    """Little endian: count, offset of each name, value of each name, then the names, sorted, each with a NUL."""
    names = sorted(symbols)
    offsets = accumulate((len(name) + 1 for name in names[:-1]), initial=0)
    numbers = (len(names), *offsets, *(symbols[name] for name in names))
    return struct.pack(f"<{len(numbers)}I", *numbers) + b"".join(name + b"\0" for name in names)


def unsigned(value: int) -> bytes:
    """LEB128."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def signed(value: int) -> bytes:
    """LEB128 of a number that is not negative: the highest bit of the last byte is the sign."""
    out = unsigned(value)
    return out if out[-1] < 0x40 else out[:-1] + bytes([out[-1] | 0x80, 0])


def changed(detail: str) -> ProvisionError:
    """The error for a module that is not built as the pinned one is."""
    return ProvisionError(f"the package's lean.wasm has changed: {detail}", "use the pinned version of the package")
