"""Damages compiled modules, from flipped bits to pointers that lead to another object of the same shape.

The most telling mutants are those that still decode, so most of the ways here know where objects and pointers are.
Everything is chosen by the `Random` that is given: one seed, one sequence of mutants.
"""

import struct
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

HEADER = 80  # bytes before the two addresses


class Found(NamedTuple):
    """An object in a part: its address, its tag, its number of pointers, and where those and its other bytes are."""

    part: int
    offset: int
    address: int
    tag: int
    pointers: range  # offsets
    scalars: range


class Image:
    """The parts of one module, with a map of what is where. `parts` are as for `read_module`."""

    def __init__(self, parts: Sequence[Path]) -> None:
        self.parts = [path.read_bytes() for path in parts]
        self.word = 8 if self._word_is_8() else 4
        self.code = "<Q" if self.word == 8 else "<I"
        self.objects = [found for number in range(len(self.parts)) for found in self._objects(number)]
        self.at = {found.address: found for found in self.objects}
        self.alike: dict[tuple[int, int], list[Found]] = defaultdict(list)
        for found in self.objects:
            self.alike[found.tag, len(found.pointers)].append(found)

    def _word_is_8(self) -> bool:
        base, root = struct.unpack_from("<QQ", self.parts[0], HEADER)
        return bool(base <= root < base + len(self.parts[0]))

    def _objects(self, number: int) -> Iterator[Found]:
        data, word = self.parts[number], self.word
        (base,) = struct.unpack_from(self.code, data, HEADER)
        at = HEADER + 2 * word
        while at < len(data):
            _, size, other, tag = struct.unpack_from("<iHBB", data, at)
            count, first = (other, at + 8) if tag <= 244 else (0, at + 8)
            if tag > 244:
                count, first, size = self._other(data, at, tag, other)
            pointers = range(first, first + count * word, word)
            yield Found(number, at, base + at, tag, pointers, range(pointers.stop, at + size))
            at += -(-size // word) * word

    def _other(self, data: bytes, at: int, tag: int, other: int) -> tuple[int, int, int]:
        """Number of pointers, offset of the first, size in bytes."""
        word = self.word
        length = struct.unpack_from(self.code, data, at + 8)[0]
        if tag == 246:
            return length, at + 8 + 2 * word, 8 + (2 + length) * word
        if tag == 248:
            return 0, at + 8 + 2 * word, 8 + 2 * word + length * other
        if tag == 249:
            return 0, at + 8 + 3 * word, 8 + 3 * word + length
        if tag == 250:
            limbs = abs(struct.unpack_from("<i", data, at + 12)[0])
            return 0, at + 16 + word, 16 + word + limbs * word
        return 1, at + 8, 8 + (1 if tag == 253 else 2) * word


Way = Callable[[Image, list[bytearray], Random], None]


def mutant(image: Image, others: Sequence[Image], random: Random) -> list[bytes]:
    """The parts of `image` after one to three damages; `others` lend what is spliced in."""
    parts = [bytearray(part) for part in image.parts]
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        if random.random() < 0.1:
            _from_another(parts, random.choice(others), random)
        else:
            random.choice(WAYS)(image, parts, random)
    return [bytes(part) for part in parts]


def _from_another(parts: list[bytearray], other: Image, random: Random) -> None:
    """A whole part, its rest, or a run of bytes in the same place."""
    number = random.randrange(len(parts))
    donor = other.parts[min(number, len(other.parts) - 1)]
    start = random.choice((0, random.randrange(len(donor))))
    end = random.choice((len(donor), start + random.randrange(64)))
    parts[number][start:end] = donor[start:end]


def _flip(_image: Image, parts: list[bytearray], random: Random) -> None:
    part = random.choice(parts)
    if part:
        part[random.randrange(len(part))] ^= 1 << random.randrange(8)


def _overwrite(_image: Image, parts: list[bytearray], random: Random) -> None:
    part = random.choice(parts)
    start = random.randrange(len(part) + 1)
    run = random.choice((random.randbytes(random.randrange(9)), b"\0" * 8, b"\xff" * 8, b"\x01\0\0\0"))
    part[start : start + len(run)] = run


def _cut(_image: Image, parts: list[bytearray], random: Random) -> None:
    part = random.choice(parts)
    del part[random.randrange(len(part) + 1) :]


def _to_earlier(image: Image, parts: list[bytearray], random: Random) -> None:
    """A pointer leads to any object before it."""
    found = random.choice(image.objects)
    if found.pointers:
        _point(image, parts, found, random, random.choice(image.objects[: image.objects.index(found) + 1]).address)


def _to_alike(image: Image, parts: list[bytearray], random: Random) -> None:
    """A pointer leads to another object of the same shape as the one it led to, which decodes and means another."""
    found = random.choice(image.objects)
    if found.pointers:
        place = random.choice(found.pointers)
        (now,) = struct.unpack_from(image.code, image.parts[found.part], place)
        if now in image.at:
            target = image.at[now]
            candidates = [
                other
                for other in image.alike[target.tag, len(target.pointers)]
                if other.part <= found.part and other.address < found.address
            ]
            _store(image, parts, found.part, place, random.choice(candidates or [target]).address)


def _to_number(image: Image, parts: list[bytearray], random: Random) -> None:
    """A pointer becomes a small number, or a number another one."""
    found = random.choice(image.objects)
    if found.pointers:
        _point(image, parts, found, random, random.choice((1, 3, 5, 2**31 - 1, 2 * random.randrange(300) + 1)))


def _retag(image: Image, parts: list[bytearray], random: Random) -> None:
    found = random.choice(image.objects)
    if found.offset + 8 <= len(parts[found.part]):
        parts[found.part][found.offset + 7] = random.choice((*range(13), random.randrange(256)))


def _count(image: Image, parts: list[bytearray], random: Random) -> None:
    """The number of pointers, or the size, of an object is another one."""
    found = random.choice(image.objects)
    place = found.offset + random.choice((4, 5, 6, 8, 8 + image.word))
    if place < len(parts[found.part]):
        parts[found.part][place] = random.choice((0, 1, 2, 255, random.randrange(256)))


def _scalar(image: Image, parts: list[bytearray], random: Random) -> None:
    """Unboxed fields and the text of strings: cached data, flags, safety, letters of names."""
    found = random.choice(image.objects)
    if found.scalars and found.scalars.stop <= len(parts[found.part]):
        parts[found.part][random.choice(found.scalars)] = random.choice((0, 1, 2, 0x2E, 0x61, random.randrange(256)))


def _exchange(image: Image, parts: list[bytearray], random: Random) -> None:
    """Two objects of the same shape change places."""
    one = random.choice(image.objects)
    two = random.choice(image.alike[one.tag, len(one.pointers)])
    size = one.scalars.stop - one.offset
    if size == two.scalars.stop - two.offset:
        first, second = (image.parts[f.part][f.offset : f.offset + size] for f in (one, two))
        parts[one.part][one.offset : one.offset + size] = second
        parts[two.part][two.offset : two.offset + size] = first


def _root(image: Image, parts: list[bytearray], random: Random) -> None:
    number = random.randrange(len(parts))
    _store(image, parts, number, HEADER + image.word, random.choice(image.objects).address)


def _swap_parts(_image: Image, parts: list[bytearray], random: Random) -> None:
    random.shuffle(parts)


# Those that know the format come up as often as they are listed.
WAYS: tuple[Way, ...] = (
    *(_to_alike,) * 6,
    *(_scalar,) * 4,
    *(_to_earlier, _to_number, _retag, _exchange) * 2,
    *(_count, _flip, _overwrite, _cut, _root, _swap_parts),
)


def _point(image: Image, parts: list[bytearray], found: Found, random: Random, word: int) -> None:
    _store(image, parts, found.part, random.choice(found.pointers), word)


def _store(image: Image, parts: list[bytearray], part: int, place: int, word: int) -> None:
    if place + image.word <= len(parts[part]):
        struct.pack_into(image.code, parts[part], place, word)
