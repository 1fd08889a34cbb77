"""What importers see: the same digest for the same content, whatever the order, the wild bytes and the proofs."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from prover.lean.interface import interface_digest
from tests.olean_writer import Pointer, Writer

NATIVE = Path(__file__).parent / "data" / "native64"
PARTS = tuple(NATIVE / f"Parts.olean{suffix}" for suffix in ("", ".server", ".private"))
Row = tuple[str, bytes]


def name(writer: Writer, text: str) -> Pointer | int:
    value: Pointer | int = 0
    for part in text.split("."):
        value = writer.constructor(1, value, writer.string(part), scalars=bytes(8))
    return value


def axiom(writer: Writer, text: str) -> tuple[Pointer | int, Pointer]:
    """`axiom text : Sort 0`, as `ConstantInfo`."""
    own = name(writer, text)
    statement = writer.constructor(0, own, 0, writer.constructor(3, 0, scalars=bytes(8)))
    return own, writer.constructor(0, writer.constructor(0, statement, scalars=bytes(4)))


def module(
    path: Path, rows: Sequence[Row], constants: Sequence[str] = (), extension: str = "ext", word: int = 4
) -> str:
    """The digest of a module with one extension; a row is a name with two numbers and unboxed fields."""
    writer = Writer(word)
    names, infos = zip(*(axiom(writer, c) for c in constants), strict=True) if constants else ((), ())
    entries = [writer.constructor(0, name(writer, text), 7, scalars=scalars) for text, scalars in rows]
    data = writer.constructor(
        0,
        writer.array(),
        writer.array(*names),
        writer.array(*infos),
        writer.array(),
        writer.array(writer.constructor(0, name(writer, extension), writer.array(*entries))),
        scalars=bytes(4),
    )
    return interface_digest([writer.write(path, data)])


A, B = ("a", b"\1" + bytes(7)), ("b", bytes(8))


def test_the_private_part_does_not_count() -> None:
    assert interface_digest(PARTS) == interface_digest(PARTS[:2]) != interface_digest([NATIVE / "Plain.olean"])


def test_compiled_code_counts() -> None:
    assert interface_digest(PARTS, PARTS[0]) != interface_digest(PARTS)


def test_order_does_not_count_and_content_does(tmp_path: Path) -> None:
    one = module(tmp_path / "m", [A, B], ["x", "y"])
    assert one == module(tmp_path / "m", [B, A], ["y", "x"])
    others = [
        module(tmp_path / "m", [A], ["x", "y"]),
        module(tmp_path / "m", [A, B], ["x"]),
        module(tmp_path / "m", [A, B], ["x", "z"]),
        module(tmp_path / "m", [A, ("b", b"\1" + bytes(7))], ["x", "y"]),
        module(tmp_path / "m", [A, B], ["x", "y"], extension="other"),
    ]
    assert one not in others
    assert len(set(others)) == len(others)


def test_bytes_that_were_never_written_do_not_count_on_32_bits(tmp_path: Path) -> None:
    wild = ("a", b"\1\xab\xcd\xef" + bytes(4))
    assert module(tmp_path / "m", [A]) == module(tmp_path / "m", [wild])
    assert module(tmp_path / "m", [A], word=8) != module(tmp_path / "m", [wild], word=8)


@pytest.mark.parametrize("made", ["f.eq_1", "f.eq_def", "f.match_1.splitter", "f.induct", "f.hcongr_3"])
def test_what_lean_makes_on_demand_does_not_count(tmp_path: Path, made: str) -> None:
    with_it = module(tmp_path / "m", [A, (made, bytes(8)), (f"{made}._boxed", bytes(8))], ["f", made])
    assert with_it == module(tmp_path / "m", [A], ["f"])


@pytest.mark.parametrize("declared", ["f.eq_one", "f.eq_", "eq_1x", "f.splitters"])
def test_names_that_are_merely_alike_count(tmp_path: Path, declared: str) -> None:
    assert module(tmp_path / "m", [A], ["f", declared]) != module(tmp_path / "m", [A], ["f"])


@pytest.mark.parametrize("extension", ["symbolFrequency", "sineQueNon"])
def test_statistics_do_not_count(tmp_path: Path, extension: str) -> None:
    assert module(tmp_path / "m", [A], extension=extension) == module(tmp_path / "m", [B], extension=extension)
