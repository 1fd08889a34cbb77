"""Module data made by hand to do harm: endless, deep, hugely shared, or of values where Lean never puts them."""

import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prover.errors import OleanError, ProjectError
from prover.lean.declarations import declarations
from prover.lean.environment import Environment
from prover.lean.interface import interface_digest
from prover.lean.module import Module, read_module
from prover.lean.name import Name
from prover.lean.olean import Object, Value
from tests.olean_writer import Pointer, Writer
from tests.test_olean_fuzz import SECONDS, proved_of


def pname(writer: Writer, *parts: str | int) -> Pointer | int:
    """A `Lean.Name`."""
    value: Pointer | int = 0
    for part in parts:
        tag, last = (1, writer.string(part)) if isinstance(part, str) else (2, writer.value(part))
        value = writer.constructor(tag, value, last, scalars=bytes(8))
    return value


def module(
    writer: Writer,
    path: Path,
    name: Pointer | int,
    type_: Pointer | int,
    value: Pointer | int,
    rows: Sequence[Pointer | int] = (),
) -> Path:
    """A module with one theorem and with rows of the extension that has the places of declarations."""
    theorem = writer.constructor(0, writer.constructor(0, name, 0, type_), value, 0)
    entries = writer.constructor(0, pname(writer, "Lean", "declRangeExt"), writer.array(*rows))
    data = writer.constructor(
        0,
        writer.array(),
        writer.array(name),
        writer.array(writer.constructor(2, theorem)),
        writer.array(),
        writer.array(entries),
        scalars=bytes(8),
    )
    return writer.write(path, data)


def place(writer: Writer, name: Pointer | int, line: Pointer | int = 1) -> Pointer:
    """A row of `Lean.declRangeExt`."""
    position = writer.constructor(0, line, 0)
    range_ = writer.constructor(0, position, 0, writer.constructor(0, 9, 0), 0)
    return writer.constructor(0, name, writer.constructor(0, range_, range_))


def sort(writer: Writer) -> Pointer:
    return writer.constructor(3, 0, scalars=bytes(8))


def twice(writer: Writer, leaf: Pointer, levels: int) -> Pointer:
    """A term whose tree has 2^levels leaves."""
    for _ in range(levels):
        leaf = writer.constructor(5, leaf, leaf, scalars=bytes(8))
    return leaf


def hostile(path: Path, what: str, writer: Writer) -> Path:
    name = pname(writer, "evil")
    kind = value = sort(writer)
    row: Pointer | int = place(writer, name)
    match what:
        case "a term of 2^60 leaves":
            value = twice(writer, value, 60)
        case "an extension entry of 2^60 leaves":
            row = twice(writer, value, 60)
        case "a term thirty thousand levels deep":
            for _ in range(30_000):
                value = writer.constructor(10, 0, value, scalars=bytes(8))
        case "a type thirty thousand binders deep":
            for _ in range(30_000):
                kind = writer.constructor(7, name, kind, kind, scalars=bytes(16))
        case "an extension entry thirty thousand levels deep":
            for _ in range(30_000):
                row = writer.constructor(7, row)
        case "a universe level thirty thousand levels deep":
            level: Pointer | int = 0
            for _ in range(30_000):
                level = writer.constructor(1, level, scalars=bytes(8))
            value = writer.constructor(3, level, scalars=bytes(8))
        case "a name of thirty thousand components":
            name = pname(writer, *["x"] * 30_000)
            row = place(writer, name)
        case "a name with an endless number":
            name = pname(writer, "x", 10**5000)
            row = place(writer, name)
        case "a name with a number below zero":
            name = pname(writer, "x", -5)
        case "a literal below zero":
            value = writer.constructor(9, writer.constructor(0, writer.big(-(2**70))), scalars=bytes(8))
        case "a literal of a hundred thousand digits":
            value = writer.constructor(9, writer.constructor(0, writer.big(10**10**5)), scalars=bytes(8))
        case "a bound variable beyond all words":
            value = writer.constructor(0, writer.big(2**10**6), scalars=bytes(8))
        case "a line beyond all words":
            row = place(writer, name, writer.big(10**5000))
        case "an empty name":
            name = 0
            row = place(writer, name)
        case "a name with a NUL, a quote and a line break":
            name = pname(writer, "\0»\n", "", "«")
            row = place(writer, name)
    return module(writer, path, name, kind, value, [row])


HOSTILE = (
    *("a term of 2^60 leaves", "an extension entry of 2^60 leaves", "a term thirty thousand levels deep"),
    *("a type thirty thousand binders deep", "an extension entry thirty thousand levels deep"),
    *(
        "a universe level thirty thousand levels deep",
        "a name of thirty thousand components",
        "a name with an endless number",
    ),
    *("a name with a number below zero", "a literal below zero"),
    *("a literal of a hundred thousand digits", "a bound variable beyond all words", "a line beyond all words"),
    *("an empty name", "a name with a NUL, a quote and a line break", "nothing unusual"),
)


def read_everything(path: Path) -> list[str]:
    """The names of the module's declarations, after all that is ever asked of a module has been asked."""
    with suppress(OleanError):
        interface_digest([path])
    after = Environment({"Fuzz": read_module([path])})
    names = list(declarations(after))
    repr(declarations(after))
    for name in after.constants:
        after.axioms(name)
        after.statement(name)
        str(name)
    proved_of(names, after, unread(after))
    return names


def unread(environment: Environment) -> Environment:
    """The same with copies of its modules, which the audit takes for changed ones."""
    return Environment(
        {n: Module(m.imports, m.constants, m.entries, m.is_module, m.word) for n, m in environment.modules.items()}
    )


@pytest.mark.parametrize("what", HOSTILE)
def test_a_handmade_module_is_read_or_refused_soon(tmp_path: Path, what: str) -> None:
    path = hostile(tmp_path / "m.olean", what, Writer(8))
    began = time.process_time()
    with suppress(OleanError, ProjectError):
        read_everything(path)
    assert time.process_time() - began < SECONDS


def test_the_handmade_module_with_nothing_unusual_is_read(tmp_path: Path) -> None:
    assert read_everything(hostile(tmp_path / "m.olean", "nothing unusual", Writer(8))) == ["evil"]


def test_names_that_differ_in_a_number_and_a_string_have_an_order() -> None:
    names = [Name(("a", "b")), Name(("a", 1)), Name(("a",)), Name((7,))]
    assert sorted(names) == [(7,), ("a",), ("a", 1), ("a", "b")]


def test_a_number_of_more_limbs_than_the_file_has_is_refused(tmp_path: Path) -> None:
    writer = Writer(8)
    number = writer.big(2**70)
    at = number.address - writer.base
    writer.data[at + 12 : at + 16] = (2**31 - 1).to_bytes(4, "little")
    with pytest.raises(OleanError, match="does not fit"):
        read_module([writer.write(tmp_path / "m.olean", writer.array(number))])


def test_a_pointer_that_makes_a_circle_is_refused(tmp_path: Path) -> None:
    writer = Writer(8)
    here = Pointer(writer.base + len(writer.data))
    writer.constructor(5, here, here, scalars=bytes(8))
    with pytest.raises(OleanError, match="no earlier object"):
        read_module([writer.write(tmp_path / "m.olean", here)])


NUMBERS = st.integers(-1, 4) | st.sampled_from([2**64, 2**70, -(2**70)])
LEAVES: st.SearchStrategy[Value] = NUMBERS | st.text(st.characters(exclude_categories=["Cs"]), max_size=3)
VALUES: st.SearchStrategy[Value] = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.builds(
            Object,
            st.integers(0, 11),
            st.lists(inner, max_size=4).map(tuple),
            st.sampled_from([b"", bytes(8), bytes(16), b"\xff" * 16]),
        )
    ),
    max_leaves=16,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=VALUES, type_=VALUES, value=VALUES, row=VALUES, word=st.sampled_from([4, 8]))
def test_any_values_in_the_place_of_names_terms_and_entries(
    tmp_path: Path, name: Value, type_: Value, value: Value, row: Value, word: int
) -> None:
    writer = Writer(word)
    sound = pname(writer, "sound")
    term = sort(writer)
    names = [sound, writer.value(name)]
    terms = [term, writer.value(type_), writer.value(value)]
    rows = [writer.value(row), place(writer, sound), writer.constructor(0, names[1], writer.value(row))]
    for number, (own, kind, body) in enumerate(((0, 0, 1), (0, 0, 2), (0, 1, 0), (1, 0, 0), (0, 0, 0))):
        path = module(writer, tmp_path / f"{number}.olean", names[own], terms[kind], terms[body], rows[:number])
        with suppress(OleanError, ProjectError):
            read_everything(path)
