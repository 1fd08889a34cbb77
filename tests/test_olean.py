"""Module files: what Lean writes is read, on 32 and 64 bits, and whatever else is refused with one error."""

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prover.errors import OleanError
from prover.lean.declarations import declarations
from prover.lean.environment import Environment
from prover.lean.expr import Digests, constants_in
from prover.lean.interface import interface_digest
from prover.lean.module import Import, Module, Safety, read_module
from prover.lean.name import Name
from prover.lean.olean import Object, Value, read_root
from prover.lean.toolchain import Toolchain
from prover.model import Kind
from tests.olean_writer import BASE, Pointer, Writer, same

NATIVE = Path(__file__).parent / "data" / "native64"
PLAIN = (NATIVE / "Plain.olean",)
PARTS = tuple(NATIVE / f"Parts.olean{suffix}" for suffix in ("", ".server", ".private"))

in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
numbers = st.integers(-(2**130), 2**130)
values = st.recursive(
    numbers | st.text(st.characters(exclude_categories=["Cs"])) | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.builds(
            Object,
            st.integers(0, 244),
            st.lists(inner, max_size=4).map(lambda fields: tuple(fields + [0] * (len(fields) % 2))),
            st.binary(max_size=2).map(lambda content: content * 8),  # with an even number of fields, nothing to pad
        )
    ),
    max_leaves=12,
)


@in_one_folder
@given(value=values, word=st.sampled_from([4, 8]), gmp=st.booleans())
def test_what_was_written_is_read_back(tmp_path: Path, value: Value, word: int, gmp: bool) -> None:
    writer = Writer(word, gmp=gmp)
    path = writer.write(tmp_path / "m.olean", writer.array(writer.value(value)))
    assert same(read_root([path])[0], (value,))
    assert read_root([path])[1] == word


def constant(module: Module, name: str) -> tuple[Kind, bool]:
    found = module.constants[Name.parse(name)]
    return found.kind, found.value is not None


def test_a_native_module_of_one_file_has_its_proofs() -> None:
    module = read_module(PLAIN)
    assert not module.is_module
    assert module.imports == ()
    assert constant(module, "anything") == (Kind.THEOREM, True)
    assert constant(module, "bad") == (Kind.AXIOM, False)
    assert constant(module, "Nat.succ") == (Kind.CONSTRUCTOR, False)
    assert module.constants[Name.parse("anything")].body_mentions == {Name.parse("bad")}
    assert module.constants[Name.parse("Nat")].mentions >= {Name.parse("Nat.zero"), Name.parse("Nat.succ")}


@pytest.mark.parametrize(
    ("name", "number"), [("beyondWord", 123456789012345678901234567890), ("largestWord", 2**64 - 1)]
)
def test_numbers_beyond_a_machine_word_are_read(name: str, number: int) -> None:
    value = read_module(PLAIN).constants[Name.parse(name)].value
    assert value is not None
    assert number in {node.fields[0] for node in nodes(value) if node.tag == 0 and len(node.fields) == 1}


def nodes(root: Value) -> list[Object]:
    found: list[Object] = []
    todo = [root]
    while todo:
        value = todo.pop()
        if isinstance(value, Object):
            found.append(value)
            todo.extend(value.fields)
    return found


def test_importers_see_a_theorem_without_its_proof_and_no_private_one() -> None:
    public, whole = read_module(PARTS[:1]), read_module(PARTS)
    assert constant(public, "N.explosion") == (Kind.AXIOM, False)
    assert constant(whole, "N.explosion") == (Kind.THEOREM, True)
    assert whole.constants.keys() - public.constants.keys() == {Name(("_private", "Parts", 0, "N", "hidden"))}
    assert whole.is_module


def test_the_whole_of_a_real_library_file_is_understood(toolchain: Toolchain) -> None:
    module = read_module([toolchain.library / "Init" / "Core.olean"])
    assert Import(Name.parse("Init.SizeOf"), all=False, public=True, meta=False) in module.imports
    assert module.constants[Name.parse("propext")].kind is Kind.AXIOM
    assert len({constant.digest for constant in module.constants.values()}) == len(module.constants) > 1000


def test_unsafe_and_partial_definitions_are_told_apart(toolchain: Toolchain) -> None:
    constants = read_module([toolchain.library / "Init" / "Prelude.olean"]).constants
    assert constants[Name.parse("lcProof")].safety is Safety.UNSAFE
    assert constants[Name.parse("Nat.add")].safety is Safety.SAFE


def small(word: int = 8, base: int = BASE) -> tuple[Writer, Pointer]:
    """A file with one string, and an array of it."""
    writer = Writer(word, base)
    return writer, writer.array(writer.string("Lean"))


@pytest.mark.parametrize("word", [4, 8])
def test_a_file_cut_short_anywhere_is_refused(tmp_path: Path, word: int) -> None:
    writer, root = small(word)
    whole = writer.write(tmp_path / "whole.olean", root).read_bytes()
    for length in range(len(whole)):
        cut = tmp_path / "cut.olean"
        cut.write_bytes(whole[:length])
        with pytest.raises(OleanError):
            read_root([cut])


@pytest.mark.parametrize("version", [1, 3])
def test_another_version_of_the_format_is_named_with_a_remedy(tmp_path: Path, version: int) -> None:
    writer = Writer(version=version)
    path = writer.write(tmp_path / "m.olean", writer.array())
    with pytest.raises(OleanError, match=f"format {version}") as caught:
        read_root([path])
    assert "compile the project again" in caught.value.remedy


def test_a_missing_file_and_a_file_of_another_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OleanError, match="cannot be read: No such file"):
        read_root([tmp_path / "nowhere.olean"])
    (tmp_path / "m.olean").write_text("theorem")
    with pytest.raises(OleanError, match="not a Lean module file"):
        read_root([tmp_path / "m.olean"])


BROKEN: dict[str, Callable[[Writer], Pointer]] = {
    "a pointer to itself": lambda w: w.array(Pointer(w.base + len(w.data))),
    "a pointer to what comes later": lambda w: w.array(Pointer(w.base + len(w.data) + 40)),
    "a pointer into the middle of an object": lambda w: w.array(Pointer(w.string("Lean").address + w.word)),
    "a pointer out of the file": lambda w: w.array(Pointer(16)),
    "a root that is no object": lambda w: Pointer(w.array().address + w.word),
    "a string that is not UTF-8": lambda w: w.raw(249, w.words(3, 3, 1) + b"\xff\xfe\0"),
    "a string of another length than it says": lambda w: w.raw(249, w.words(5, 5, 3) + b"Lean\0"),
    "a string without an end": lambda w: w.raw(249, w.words(4, 4, 3) + b"Lean"),
    "an array with room to spare": lambda w: w.raw(246, w.words(0, 1, 1)),
    "an array larger than the file": lambda w: w.raw(246, w.words(2**30, 2**30)),
    "scalars of an odd size": lambda w: w.raw(248, w.words(3, 3) + b"abc", other=3),
    "scalars larger than the file": lambda w: w.raw(248, w.words(2**30, 2**30), other=1),
    "a closure": lambda w: w.raw(245, w.words(1, 1)),
    "an object that is counted": lambda w: w.raw(0, b"", size=8, count=1),
    "an object smaller than its fields": lambda w: w.raw(0, w.words(1, 1), size=8, other=2),
    "an object larger than the file": lambda w: w.raw(0, w.words(1), size=4096, other=1),
    "a number without digits": lambda w: w.raw(250, bytes(8) + w.words(0)),
    "a number with digits elsewhere": lambda w: w.raw(250, b"\1\0\0\0\1\0\0\0" + w.words(w.base, 7)),
}


@pytest.mark.parametrize("word", [4, 8])
@pytest.mark.parametrize("what", BROKEN)
def test_what_lean_does_not_write_is_refused(tmp_path: Path, what: str, word: int) -> None:
    writer = Writer(word)
    path = writer.write(tmp_path / "m.olean", BROKEN[what](writer))
    with pytest.raises(OleanError, match=r"m\.olean"):
        read_root([path])


def test_a_later_part_points_into_an_earlier_one(tmp_path: Path) -> None:
    first, root = small()
    second = Writer(base=BASE + 0x10000)
    paths = [first.write(tmp_path / "a", root), second.write(tmp_path / "b", second.array(root, 7))]
    assert same(read_root(paths)[0], (("Lean",), 7))
    with pytest.raises(OleanError, match="no earlier object"):
        read_root(paths[1:])


def test_a_later_part_with_nothing_of_its_own_has_its_root_in_an_earlier_one(tmp_path: Path) -> None:
    first, root = small()
    paths = [first.write(tmp_path / "a", root), Writer(base=BASE + 0x10000).write(tmp_path / "b", root)]
    assert same(read_root(paths)[0], ("Lean",))


def test_parts_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    paths = [w.write(tmp_path / str(i), root) for i, (w, root) in enumerate([small(8), small(4), small(8)])]
    with pytest.raises(OleanError, match="damaged"):
        read_root(paths[:2])
    with pytest.raises(OleanError, match="overlap"):
        read_root([paths[0], paths[2]])


def test_expressions_of_any_depth_are_read(tmp_path: Path) -> None:
    writer = Writer()
    expr = leaf = writer.constructor(0, 0, scalars=bytes(8))
    for _ in range(50_000):
        expr = writer.constructor(5, expr, leaf, scalars=bytes(8))
    root, _ = read_root([writer.write(tmp_path / "m", expr)])
    assert isinstance(root, Object)
    assert constants_in(root) == frozenset()
    assert len(Digests().expr(root)) == 32


def understand(parts: list[Path]) -> None:
    """Everything that the project ever reads from a module."""
    module = read_module(parts)
    declarations(Environment({"M": module}))
    interface_digest(parts)
    assert all(constant.digest for constant in module.constants.values())


@pytest.mark.parametrize("parts", [PLAIN, PARTS])
@pytest.mark.parametrize("seed", range(100))
def test_a_damaged_file_raises_nothing_but_its_one_error(tmp_path: Path, parts: tuple[Path, ...], seed: int) -> None:
    chance = random.Random(seed)
    copies = [tmp_path / part.name for part in parts]
    for part, copy in zip(parts, copies, strict=True):
        data = bytearray(part.read_bytes())
        for _ in range(chance.choice([0, 1, 2, 16])):
            source, target = chance.randrange(80, len(data) - 8), chance.randrange(80, len(data) - 8)
            data[target : target + 8] = chance.choice([data[source : source + 8], chance.randbytes(8)])
        copy.write_bytes(data)
    with suppress(OleanError):
        understand(copies)
