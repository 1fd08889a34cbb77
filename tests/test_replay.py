"""The kernel, asked again: what is honest passes, what it never saw does not, and no failure is an answer."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from prover.errors import CheckTimeout, ProcessTimeout, ReplayFailed, WorkerDied
from prover.lean import cache
from prover.lean.build import Builder, CompiledModule
from prover.lean.embedded.kernel import EmbeddedKernel
from prover.lean.embedded.lean import Embedded
from prover.lean.kernels import kernel_for
from prover.lean.leanchecker import NativeKernel
from prover.lean.name import read_name
from prover.lean.native import Native
from prover.lean.olean import Object, Value, read_root
from prover.lean.process import Command
from prover.lean.replay import Replayed, warnings
from prover.lean.sandbox import Unconfined
from tests.fakes import FakeToolchain
from tests.olean_writer import Pointer, Writer

Make = Callable[[Mapping[str, str]], Path]
Compile = Callable[[Mapping[str, str]], Awaitable[list[CompiledModule]]]

# What the kernel treats in ways of their own, and what only elaboration knows: all of it ends as constants.
HONEST = """
universe u v
structure Base (α : Type u) where
  b : α
structure Point (α : Type u) extends Base α where
  x : α
  y : α
class Shape (α : Type u) where
  area : α → Nat
  pos : ∀ x, 0 ≤ area x
instance : Shape (Point Nat) where
  area p := p.x * p.y
  pos _ := Nat.zero_le _
inductive Vec (α : Type u) : Nat → Type u
  | nil : Vec α 0
  | cons {n} (a : α) (v : Vec α n) : Vec α (n + 1)
def Vec.map {α : Type u} {β : Type v} (f : α → β) : {n : Nat} → Vec α n → Vec β n
  | _, .nil => .nil
  | _, .cons a v => .cons (f a) (v.map f)
theorem Vec.map_id {α : Type u} {n} (v : Vec α n) : v.map id = v := by
  induction v with
  | nil => rfl
  | cons a v ih => simp [Vec.map, ih]
mutual
inductive Even : Nat → Prop
  | zero : Even 0
  | succ {n} : Odd n → Even (n + 1)
inductive Odd : Nat → Prop
  | succ {n} : Even n → Odd (n + 1)
end
inductive Rose (α : Type u)
  | node (a : α) (kids : List (Rose α))
inductive Code : Type → Type 1
  | lit : Nat → Code Nat
  | pair {α β} : Code α → Code β → Code (α × β)
def gcd' (a b : Nat) : Nat := if h : b = 0 then a else gcd' b (a % b)
termination_by b
decreasing_by exact Nat.mod_lt _ (Nat.pos_of_ne_zero h)
theorem gcd'_zero (a : Nat) : gcd' a 0 = a := by unfold gcd'; simp
theorem by_omega (a b c : Nat) (h : a < b) (i : b < c) : a + 2 ≤ c := by omega
theorem by_grind (x y : Int) : (x + y) ^ 2 = x ^ 2 + 2 * x * y + y ^ 2 := by grind
theorem by_decide : ∀ x : Fin 20, x.val < 20 := by decide
theorem by_kernel : (List.range 200).length = 200 := by decide +kernel
theorem large : (2 : Nat) ^ 100 = 1267650600228229401496703205376 := by decide
theorem text : "héllo «π»".length = 9 := by decide
private theorem hidden (n : Nat) : n * 1 = n := by simp
theorem seen (n : Nat) : n * 1 + 0 = n := by rw [Nat.add_zero, hidden]
def Parity := Quot (fun a b : Nat => a % 2 = b % 2)
def Parity.of (n : Nat) : Parity := Quot.mk _ n
theorem Parity.eq : Parity.of 2 = Parity.of 4 := Quot.sound rfl
theorem chosen (p : Nat → Prop) (h : ∃ n, p n) : p (Classical.choose h) := Classical.choose_spec h
theorem lets : (let x := 3; x + x) = 6 := rfl
opaque secret : Nat
partial def forever (n : Nat) : Nat := forever (n + 1)
unsafe def careless : Nat := 3
axiom assumed : 1 = 1
"""
UNCHECKED = """
set_option debug.skipKernelTC true in
theorem target : ∀ n : Nat, n < 5 := by
  have h : (7 : Nat) < 5 := by decide +kernel
  intro n
  exact absurd h (by decide)
"""

CHAIN = {
    "Some.One": "def double (n : Nat) : Nat := n + n\nprivate theorem same : 1 = 1 := rfl\n",
    "Two": "module\npublic import Some.One\npublic section\nprivate theorem same : 2 = 2 := rfl\n"
    "theorem double_zero : double 0 = 0 := rfl\n",
}
USE = (
    "module\npublic import Base\npublic section\n"
    "theorem {} (n : Nat) : steps (n + 1) = steps n + 1 := by simp [steps]\n"
)
DIAMOND = {
    "Base": "def steps : Nat → Nat\n  | 0 => 0\n  | n + 1 => steps n + 1\n",
    "Left": USE.format("left"),
    "Right": USE.format("right"),
}


@pytest.fixture(scope="module")
async def kernel(toolchain: Embedded, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedKernel]:
    """One warm process for all the tests of this file that want nothing particular of it."""
    async with EmbeddedKernel(toolchain, [cache.folder("builds"), tmp_path_factory.getbasetemp()]) as kernel:
        yield kernel


@pytest.fixture
def compiled(builder: Builder, project: Make) -> Compile:
    """The modules of these texts, compiled, in dependency order."""

    async def compile_(texts: Mapping[str, str]) -> list[CompiledModule]:
        return list((await builder.build(project(texts))).modules.values())

    return compile_


# ---- what the kernel says --------------------------------------------------------------------------------------------


async def test_whatever_lean_accepts_honestly_the_kernel_accepts_again(
    kernel: EmbeddedKernel, compiled: Compile
) -> None:
    (module,) = await compiled({"Honest": HONEST})
    replayed = await kernel.replay([module])
    unsafe_or_partial = 4
    assert replayed == Replayed("embedded-4.28.0-pre", len(module.read().constants) - unsafe_or_partial)


async def test_a_proof_that_the_kernel_never_saw_is_refused_in_its_words(
    kernel: EmbeddedKernel, compiled: Compile
) -> None:
    replayed = await kernel.replay(await compiled({"Unchecked": UNCHECKED}))
    said = {str(name): words for name, words in replayed.refused.items()}
    assert said.keys() == {"_private.Unchecked.0.target._proof_1_1", "target"}
    assert "(kernel) application type mismatch" in said["_private.Unchecked.0.target._proof_1_1"]
    assert "application type mismatch" in replayed.against(replayed.refused)
    # What rests on the refused one is refused with it: the kernel does not know it.
    assert "(kernel) unknown constant" in said["target"]


async def test_no_compiled_code_of_a_module_is_run_for_a_proof(kernel: EmbeddedKernel, compiled: Compile) -> None:
    modules = await compiled({"Native": "theorem t : 10 < 20 := by native_decide\n"})
    assert any(
        "(interpreter) unknown declaration" in words for words in (await kernel.replay(modules)).refused.values()
    )


async def test_a_refusal_leaves_the_kernel_as_it_was(kernel: EmbeddedKernel, compiled: Compile) -> None:
    one, two, unchecked = await compiled({**CHAIN, "Unchecked": UNCHECKED})
    assert (await kernel.replay([one, two, unchecked])).refused
    starts = kernel.starts
    assert (await kernel.replay([one, two])).refused == {}
    assert (await kernel.replay([one, unchecked])).refused
    assert kernel.starts == starts


async def test_modules_are_replayed_on_top_of_each_other(kernel: EmbeddedKernel, compiled: Compile) -> None:
    modules = await compiled(CHAIN)
    replayed = await kernel.replay(modules)
    assert replayed.refused == {}
    assert replayed.constants == sum(len(module.read().constants) for module in modules)


async def test_what_two_modules_generate_both_may_be_there_twice(kernel: EmbeddedKernel, compiled: Compile) -> None:
    modules = await compiled(DIAMOND)
    _, left, right = (module.read().constants.keys() for module in modules)
    assert left & right
    assert (await kernel.replay(modules)).refused == {}


async def test_a_module_before_the_one_that_it_imports_is_our_mistake(
    kernel: EmbeddedKernel, compiled: Compile
) -> None:
    modules = await compiled(CHAIN)
    with pytest.raises(ValueError, match=r"Two comes before Some\.One, which it imports"):
        await kernel.replay([modules[1], modules[0]])


async def test_requests_made_at_once_are_each_answered(kernel: EmbeddedKernel, compiled: Compile) -> None:
    modules = await compiled(CHAIN)
    whole, part = await asyncio.gather(kernel.replay(modules), kernel.replay(modules[:1]))
    assert whole.constants > part.constants > 0


# ---- files that Lean did not write -----------------------------------------------------------------------------------

SMALL = """
inductive Two where
  | one
  | two
theorem small : 1 < 2 := by decide
theorem other : 2 < 3 := by decide
theorem both : 1 < 2 ∧ 2 < 3 := ⟨small, other⟩
"""
Change = Callable[[dict[str, Object]], None]


def part_of(value: Value, *path: int) -> Object:
    """The object that is reached from `value` through these fields."""
    for index in path:
        assert isinstance(value, Object)
        value = value.fields[index]
    assert isinstance(value, Object)
    return value


def with_field(value: Object, index: int, field: Value) -> Object:
    return Object(value.tag, (*value.fields[:index], field, *value.fields[index + 1 :]), value.scalars)


def with_value(constant: Object, index: int, field: Value) -> Object:
    """The constant with another field in what its kind consists of; 0 is name, universe parameters and type."""
    return with_field(constant, 0, with_field(part_of(constant, 0), index, field))


def other_proof(constants: dict[str, Object]) -> None:
    constants["small"] = with_value(constants["small"], 1, part_of(constants["other"], 0).fields[1])


def other_type(constants: dict[str, Object]) -> None:
    head = part_of(constants["small"], 0, 0)
    constants["small"] = with_value(constants["small"], 0, with_field(head, 2, part_of(constants["other"], 0, 0, 2)))


def other_recursor(constants: dict[str, Object]) -> None:
    """One that has another type: the recursor's rules are what is unsound about it."""
    constants["Two.rec"] = with_value(constants["Two.rec"], 6, 0)


def other_index(constants: dict[str, Object]) -> None:
    constants["Two.two"] = with_value(constants["Two.two"], 2, 0)


def other_parameters(constants: dict[str, Object]) -> None:
    constants["Two"] = with_value(constants["Two"], 5, 7)


def left_out(constants: dict[str, Object]) -> None:
    del constants["other"]


def constructor_left_out(constants: dict[str, Object]) -> None:
    del constants["Two.two"]


def open_term(constants: dict[str, Object]) -> None:
    """A bound variable that nothing binds, with cached data that deny it."""
    constants["small"] = with_value(constants["small"], 1, Object(0, (0,), bytes(8)))


REFUSED: Mapping[Change, str] = {
    other_proof: r"small: \(kernel\) declaration type mismatch",
    other_type: r"small: \(kernel\) declaration type mismatch",
    other_recursor: r"Two\.rec: the environment has another of this name",
    other_index: r"Two\.two: the environment has another of this name",
    other_parameters: r"Two: the environment has another of this name",
    left_out: r"both: \(kernel\) unknown constant 'other'",
    open_term: r"small: \(kernel\)",
}


def forged(module: CompiledModule, folder: Path, change: Change) -> CompiledModule:
    """The module with its constants changed, in one file."""
    root, word = read_root(module.parts)
    assert isinstance(root, Object)
    assert isinstance(root.fields[2], tuple)
    constants = {str(read_name(part_of(value, 0, 0, 0))): part_of(value) for value in root.fields[2]}
    change(constants)
    names = tuple(part_of(value, 0, 0, 0) for value in constants.values())
    root = with_field(with_field(root, 2, tuple(constants.values())), 1, names)
    return replace(module, parts=(write(root, word, folder / "module.olean"),))


def write(root: Object, word: int, path: Path) -> Path:
    """What `Writer.value` writes, with every shared part written once."""
    writer = Writer(word)
    written: dict[int, Pointer | int] = {}
    open_: list[tuple[Value, bool]] = [(root, False)]
    while open_:
        value, ready = open_.pop()
        fields = value.fields if isinstance(value, Object) else value if isinstance(value, tuple) else ()
        if not ready:
            open_.append((value, True))
            open_.extend((field, False) for field in fields if id(field) not in written)
        elif id(value) not in written:
            pointers = [written[id(field)] for field in fields]
            if isinstance(value, Object):
                written[id(value)] = writer.constructor(value.tag, *pointers, scalars=value.scalars)
            else:
                written[id(value)] = writer.array(*pointers) if isinstance(value, tuple) else writer.value(value)
    pointer = written[id(root)]
    assert isinstance(pointer, Pointer)
    return writer.write(path, pointer)


@pytest.mark.parametrize("change", REFUSED, ids=lambda change: change.__name__)
async def test_a_constant_that_the_kernel_would_not_have_made_is_refused(
    kernel: EmbeddedKernel, compiled: Compile, tmp_path: Path, change: Change
) -> None:
    (module,) = await compiled({"Small": SMALL})
    refused = (await kernel.replay([forged(module, tmp_path, change)])).refused
    assert any(re.match(REFUSED[change], f"{name}: {words}") for name, words in refused.items()), refused


async def test_cached_hashes_and_flags_of_a_file_are_not_believed(
    kernel: EmbeddedKernel, compiled: Compile, tmp_path: Path
) -> None:
    def lie(constants: dict[str, Object]) -> None:
        value = part_of(constants["small"], 0, 1)
        constants["small"] = with_value(constants["small"], 1, Object(value.tag, value.fields, b"\xff" * 8))

    (module,) = await compiled({"Small": SMALL})
    assert (await kernel.replay([forged(module, tmp_path, lie)])).refused == {}


async def test_an_incomplete_block_of_inductive_types_is_no_answer(
    kernel: EmbeddedKernel, compiled: Compile, tmp_path: Path
) -> None:
    (module,) = await compiled({"Small": SMALL})
    module = forged(module, tmp_path, constructor_left_out)
    with pytest.raises(ReplayFailed, match=r"the constructor Two\.two is missing"):
        await kernel.replay([module])


async def test_an_import_that_is_not_the_librarys_is_no_answer(kernel: EmbeddedKernel, compiled: Compile) -> None:
    modules = await compiled(CHAIN)
    with pytest.raises(ReplayFailed, match="unknown module prefix 'Some'"):
        await kernel.replay(modules[1:])


async def test_a_term_that_is_too_deep_is_no_answer(kernel: EmbeddedKernel, compiled: Compile, tmp_path: Path) -> None:
    def deepen(constants: dict[str, Object]) -> None:
        value = part_of(constants["small"], 0, 1)
        for _ in range(150_000):
            value = Object(10, (0, value), bytes(8))
        constants["small"] = with_value(constants["small"], 1, value)

    (module,) = await compiled({"Small": SMALL})
    with pytest.raises(ReplayFailed, match="call stack"):
        await kernel.replay([forged(module, tmp_path, deepen)])


# ---- processes that fail ---------------------------------------------------------------------------------------------

# Answers by the first word of its argument; the first request only, where the argument says `once`.
FAKE = """
import json, os, sys
mode, log = sys.argv[1:3]
first = not os.path.exists(log)
open(log, "a").write("started ")
for line in sys.stdin:
    number = json.loads(line)["id"]
    if first and mode == "die":
        sys.exit("out of cheese")
    if first and mode == "hang":
        sys.stdin.read()
    if first and mode == "babble":
        print("accepted", flush=True)
    if first and mode == "endless":
        print("x" * 1000000, flush=True)
    if first and mode == "stale":
        number -= 1
    print(json.dumps({"id": number, "replayed": 0, "skipped": 0, "refused": []}), flush=True)
"""


@dataclass(frozen=True)
class Fake(FakeToolchain):
    """Its kernel misbehaves once, in its mode; `log` says how often it was started."""

    log: Path = Path()

    def command(self, arguments: Sequence[str | Path], **_: object) -> Command:
        return Command((sys.executable, "-I", "-S", "-c", FAKE, self.mode, str(self.log)))


@pytest.mark.parametrize(
    ("mode", "words"),
    {
        "die": "ended without an answer; it said: out of cheese",
        "babble": "said b'accepted.n' instead of an answer",
        "stale": "instead of an answer",
        "endless": "broke off",
    }.items(),
)
async def test_a_process_that_fails_is_replaced_and_its_request_was_not_answered(
    mode: str, words: str, tmp_path: Path
) -> None:
    async with EmbeddedKernel(Fake(mode, log=tmp_path / "log"), []) as kernel:
        with pytest.raises(WorkerDied, match=words):
            await kernel.replay([])
        assert (await kernel.replay([])).refused == {}
        assert kernel.starts == 2


async def test_no_answer_in_time_is_no_answer_and_ends_the_process(tmp_path: Path) -> None:
    async with EmbeddedKernel(Fake("hang", log=tmp_path / "log"), [], seconds=1) as kernel:
        with pytest.raises(CheckTimeout, match="within 1 seconds"):
            await kernel.replay([])
        assert kernel.memory() == 0
        assert (await kernel.replay([])).refused == {}


async def test_a_process_that_has_grown_too_large_is_replaced(tmp_path: Path) -> None:
    async with EmbeddedKernel(Fake("well", log=tmp_path / "log"), [], memory=1) as kernel:
        assert [(await kernel.replay([])).refused for _ in range(2)] == [{}, {}]
        assert kernel.starts == 2


async def test_nothing_is_left_when_the_kernel_is_closed(tmp_path: Path) -> None:
    async with EmbeddedKernel(Fake("well", log=tmp_path / "log"), []) as kernel:
        await kernel.replay([])
        assert kernel.memory() > 0
    assert kernel.memory() == 0


# ---- leanchecker -----------------------------------------------------------------------------------------------------

# Says where it finds the modules that it is asked about, then what the test wants.
CHECKER = """#!{python} -IS
import os, sys
for module in sys.argv[1:]:
    open(os.path.join(os.environ["LEAN_PATH"], *module.split(".")) + ".olean").close()
print({words!r}, file=sys.stderr)
{deed}
"""


def native(folder: Path, deed: str, words: str = "") -> Native:
    """A native toolchain with a `leanchecker` that says `words` and does `deed`."""
    checker = folder / "bin" / "leanchecker"
    checker.parent.mkdir()
    checker.write_text(CHECKER.format(python=sys.executable, words=words, deed=deed))
    checker.chmod(0o755)
    return Native("elan:v4.34.1", "4.34.1", folder / "lib" / "lean", checker.with_name("lean"), Unconfined())


async def test_leanchecker_is_asked_about_every_module_where_lean_would_find_it(
    compiled: Compile, tmp_path: Path
) -> None:
    modules = await compiled(CHAIN)
    kernel = kernel_for(native(tmp_path, "sys.exit(0)"), [])
    assert kernel is not None
    async with kernel:
        constants = sum(len(module.read().constants) for module in modules)
        assert await kernel.replay(modules) == Replayed("leanchecker 4.34.1", constants)


async def test_leancheckers_words_are_the_refusal(tmp_path: Path) -> None:
    words = "leanchecker found a problem in A\nuncaught exception: (kernel) declaration type mismatch"
    toolchain = native(tmp_path, "sys.exit(1)", words)
    async with NativeKernel(toolchain, tmp_path / "bin" / "leanchecker") as kernel:
        assert (await kernel.replay([])).all_refused == words


@pytest.mark.parametrize("deed", ["sys.exit(1)", "sys.exit(3)", "os.abort()"])
async def test_leanchecker_failing_is_no_answer(tmp_path: Path, deed: str) -> None:
    async with NativeKernel(native(tmp_path, deed, "no memory"), tmp_path / "bin" / "leanchecker") as kernel:
        with pytest.raises(ReplayFailed, match="no memory"):
            await kernel.replay([])


async def test_leanchecker_has_a_wall_limit(tmp_path: Path) -> None:
    toolchain = native(tmp_path, "sys.stdout.close(); import signal; signal.pause()")
    async with NativeKernel(toolchain, tmp_path / "bin" / "leanchecker", seconds=1) as kernel:
        with pytest.raises(ProcessTimeout):
            await kernel.replay([])


def test_a_toolchain_without_leanchecker_has_no_kernel_to_ask(tmp_path: Path) -> None:
    assert (
        kernel_for(
            Native("path:lean", "4.20.0", tmp_path / "lib" / "lean", tmp_path / "bin" / "lean", Unconfined()), []
        )
        is None
    )


def test_kernels_older_than_4_34_1_have_known_bugs() -> None:
    assert [bool(warnings(version)) for version in ("4.28.0-pre", "4.34.0", "4.34.1-rc1", "nightly")] == [True] * 4
    assert [warnings(version) for version in ("4.34.1", "4.35.0-rc2", "5.0.0")] == [()] * 3
