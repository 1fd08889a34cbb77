"""Builds: each module once, in order, whole or not at all, and every way to fail has its one line."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from prover.errors import (
    BuildFailed,
    ImportCycle,
    LeanCrashed,
    NoProject,
    ProcessFlooded,
    ProcessTimeout,
    ProjectError,
    ResourceExhausted,
)
from prover.lean.build import Build, Builder
from prover.lean.modules import discover
from prover.lean.native import LakeProgram
from prover.lean.process import Command
from prover.lean.sandbox import Unconfined
from prover.lean.toolchain import Toolchain
from tests.conftest import HEADER

COMPILER = Path(__file__).with_name("fake_compiler.py")


@dataclass(frozen=True)
class Compiler:
    """A toolchain whose `lean` is `fake_compiler.py`; `log` gets the modules that it compiled."""

    log: Path
    version: str = "0"
    lake: LakeProgram | None = None

    name = "fake"
    library = Path("/")
    packages: tuple[Path, ...] = ()

    def command(
        self,
        arguments: Sequence[str | Path],
        *,
        lean_path: Sequence[Path] = (),
        reads: Sequence[Path] = (),
        writes: Sequence[Path] = (),
        cwd: Path | None = None,
    ) -> Command:
        return Command((sys.executable, "-I", "-S", str(COMPILER), str(self.log), *map(str, arguments)), {}, cwd)

    def compiled(self) -> list[str]:
        """What was compiled since the last time this was asked."""
        modules = self.log.read_text().split() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return modules


@pytest.fixture
def compiler(tmp_path: Path) -> Compiler:
    return Compiler(tmp_path / "log")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


def write(root: Path, modules: Mapping[str, str]) -> Path:
    """A project; a module's text says what it imports and, in its last line, what the fake makes of it."""
    (root / "lakefile.toml").write_text("")
    (root / "lake-manifest.json").write_text("{}")
    for name, text in modules.items():
        path = root.joinpath(*name.split(".")).with_suffix(".lean")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


CHAIN = {"A": "", "B.C": "import A\n", "D": "module\nimport Init\npublic import B.C\n", "E": ""}


def builder_of(compiler: Toolchain, tmp_path: Path, seconds: float = 60.0) -> Builder:
    return Builder(compiler, tmp_path / "cache", seconds=seconds)


async def test_modules_are_compiled_in_the_order_of_their_imports(
    compiler: Compiler, root: Path, tmp_path: Path
) -> None:
    build = await builder_of(compiler, tmp_path).build(write(root, CHAIN))
    compiled = compiler.compiled()
    assert sorted(compiled) == ["A", "B.C", "D", "E"]
    assert compiled.index("A") < compiled.index("B.C") < compiled.index("D")
    assert set(build.modules["D"].sees) == {"A", "B.C"}
    assert [path.name for path in build.modules["A"].parts] == ["module.olean"]
    assert (build.library / "B" / "C.olean").read_bytes() == build.modules["B.C"].parts[0].read_bytes()


async def test_an_unchanged_module_is_never_compiled_again(compiler: Compiler, root: Path, tmp_path: Path) -> None:
    write(root, CHAIN)
    first = await builder_of(compiler, tmp_path).build(root)
    compiler.compiled()
    assert await builder_of(compiler, tmp_path).build(root) == first
    assert compiler.compiled() == []


@pytest.mark.parametrize(
    ("text", "compiled"),
    [
        ("-- a comment\n", ["A"]),  # what importers see stays the same
        ("\nParts", ["A", "B.C", "D"]),
    ],
)
async def test_importers_are_compiled_again_when_what_they_see_has_changed(
    compiler: Compiler, root: Path, tmp_path: Path, text: str, compiled: list[str]
) -> None:
    await builder_of(compiler, tmp_path).build(write(root, CHAIN))
    compiler.compiled()
    await builder_of(compiler, tmp_path).build(write(root, {"A": text}))
    assert compiler.compiled() == compiled


async def test_who_imports_the_whole_of_a_module_sees_every_change(
    compiler: Compiler, root: Path, tmp_path: Path
) -> None:
    await builder_of(compiler, tmp_path).build(write(root, {"A": "", "B": "import all A\n", "C": "import A\n"}))
    compiler.compiled()
    await builder_of(compiler, tmp_path).build(write(root, {"A": "-- a comment\n"}))
    assert compiler.compiled() == ["A", "B"]


async def test_another_toolchain_compiles_everything_again(compiler: Compiler, root: Path, tmp_path: Path) -> None:
    await builder_of(compiler, tmp_path).build(write(root, CHAIN))
    await builder_of(Compiler(compiler.log, "1"), tmp_path).build(root)
    assert len(compiler.compiled()) == 2 * len(CHAIN)


def damage_by_truncation(file: Path) -> None:
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-8])


def damage_by_one_bit(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize("damage", [damage_by_truncation, damage_by_one_bit, Path.unlink])
async def test_a_damaged_entry_of_the_cache_is_compiled_again(
    compiler: Compiler, root: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    build = await builder_of(compiler, tmp_path).build(write(root, CHAIN))
    whole = build.modules["A"].parts[0].read_bytes()
    compiler.compiled()
    damage(build.modules["A"].parts[0])
    again = await builder_of(compiler, tmp_path).build(root)
    assert compiler.compiled() == ["A"]
    assert again.modules["A"].parts[0].read_bytes() == whole == (again.library / "A.olean").read_bytes()


async def test_modules_that_do_not_import_each_other_compile_side_by_side(
    compiler: Compiler, root: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    write(root, {"A": f"\nmeet {tmp_path}/pipe r", "B": f"\nmeet {tmp_path}/pipe w"})
    build = await builder_of(compiler, tmp_path, seconds=20).build(root)
    assert set(build.modules) == {"A", "B"}


async def test_two_builders_at_once_agree(compiler: Compiler, root: Path, tmp_path: Path) -> None:
    write(root, CHAIN)
    builds = [builder_of(compiler, tmp_path).build(root) for _ in range(3)]
    one, *others = await asyncio.gather(*builds)
    assert all(other == one for other in others)
    assert await builder_of(compiler, tmp_path).build(root) == one


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("\nerror", BuildFailed, "^A.lean:3:5: a error$"),
        ("\nwordless", LeanCrashed, "^Lean ended with code 134 while compiling A.lean: something happened$"),
        ("\ngreedy", ResourceExhausted, "^Lean ran out of memory while compiling A.lean: out of memory$"),
        ("\nendless", ProcessFlooded, r"wrote more than \d+ bytes of output$"),
        ("\nnothing", LeanCrashed, "^Lean ended with code 0 while compiling A.lean: no word$"),
        ("\nlink", LeanCrashed, "^Lean ended with code 0 while compiling A.lean: no word$"),
        ("\nhang", ProcessTimeout, "did not end within 2 seconds"),
    ],
)
async def test_a_module_that_does_not_compile_says_why_and_is_not_cached(
    compiler: Compiler, root: Path, tmp_path: Path, text: str, error: type[Exception], message: str
) -> None:
    write(root, {"A": text, "B": "import A\n"})
    for _ in range(2):
        with pytest.raises(error, match=message):
            await builder_of(compiler, tmp_path, seconds=2).build(root)
        assert compiler.compiled() == ["A"]


async def test_modules_that_fail_side_by_side_all_say_where_and_the_others_are_compiled(
    compiler: Compiler, root: Path, tmp_path: Path
) -> None:
    write(root, {"A": "\nerror", "B": "\nerror", "C": "", "OfA": "import A\n", "OfC": "import C\n"})
    with pytest.raises(BuildFailed, match=r"^A.lean:3:5: a error$") as caught:
        await builder_of(compiler, tmp_path).build(root)
    assert caught.value.places == (("A", 2), ("B", 2))
    assert sorted(compiler.compiled()) == ["A", "B", "C", "OfC"]


async def test_a_full_or_forbidden_disk_is_one_line(compiler: Compiler, root: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the cache should be")
    with pytest.raises(ProjectError, match=r"cannot write compiled modules to .*: Not a directory") as caught:
        await builder_of(compiler, tmp_path).build(write(root, CHAIN))
    assert "free some space" in caught.value.remedy


async def test_progress_counts_the_modules(compiler: Compiler, root: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    await builder_of(compiler, tmp_path).build(write(root, CHAIN), lambda ready, total: seen.append((ready, total)))
    assert seen == [(ready, 4) for ready in range(5)]


def test_a_folder_without_a_project_or_without_modules_is_none(root: Path) -> None:
    with pytest.raises(NoProject, match="there is no Lean project in"):
        discover(root)
    (root / "lean-toolchain").write_text("")
    with pytest.raises(NoProject, match=r"has no \.lean file"):
        discover(root)


def test_modules_are_the_lean_files_below_the_project(root: Path) -> None:
    write(root, {"A": "", "B.C": "import A\nimport Missing", "build.Q": "", "lakefile": ""})
    (root / ".lake" / "packages").mkdir(parents=True)
    (root / ".lake" / "packages" / "P.lean").write_text("")
    assert {name: source.imports for name, source in discover(root).items()} == {"A": (), "B.C": ("A",)}


def test_two_files_of_one_module_are_refused(root: Path) -> None:
    write(root, {"A.B": ""})
    (root / "A.B.lean").write_text("")
    with pytest.raises(ProjectError, match="are the same module"):
        discover(root)


def test_a_source_that_is_no_text_is_named(root: Path) -> None:
    write(root, {"A": ""})
    (root / "A.lean").write_bytes(b"\xff")
    with pytest.raises(ProjectError, match=r"cannot read .*A\.lean"):
        discover(root)


def test_a_circle_of_imports_is_named_in_order(root: Path) -> None:
    write(root, {"A": "import C\n", "B": "import A\n", "C": "import B\n", "D": "import A\n"})
    with pytest.raises(ImportCycle, match=r"circle: ((A|B|C) imports ){3}(A|B|C)$"):
        discover(root)


FAKE_LAKE = """#!/bin/sh
test "$1" = build || exit 9
test -e Broken.lean && { echo "✖ [1/2] Building Broken"; echo "error: Broken.lean:3:5: unknown"; exit 1; }
mkdir -p .lake/build/lib/lean/B
cp "%(plain)s" .lake/build/lib/lean/A.olean
cp "%(plain)s" .lake/build/lib/lean/B/C.olean
echo "$@" >> "%(log)s"
"""


@pytest.fixture
def with_lake(compiler: Compiler, tmp_path: Path) -> Compiler:
    """A toolchain with a lake that is a real script."""
    lake = tmp_path / "lake"
    lake.write_text(FAKE_LAKE % {"plain": COMPILER.parent / "data/native64/Plain.olean", "log": compiler.log})
    lake.chmod(0o755)
    return Compiler(compiler.log, lake=LakeProgram(lake, tmp_path, Unconfined()))


async def test_a_project_for_lake_is_compiled_by_lake(with_lake: Compiler, root: Path, tmp_path: Path) -> None:
    build = await builder_of(with_lake, tmp_path).build(write(root, {"A": "", "B.C": "import A\n"}))
    assert with_lake.compiled() == ["build", "+A", "+B.C"]
    # A later `lake build` in the same folder must not change what was read of this one.
    assert all(path.is_relative_to(tmp_path / "cache") for module in build.modules.values() for path in module.parts)


async def test_another_lakefile_makes_other_entries(with_lake: Compiler, root: Path, tmp_path: Path) -> None:
    one = await builder_of(with_lake, tmp_path).build(write(root, {"A": ""}))
    (root / "lakefile.toml").write_text("leanOptions = {}")
    two = await builder_of(with_lake, tmp_path).build(root)
    assert one.modules["A"].key != two.modules["A"].key


async def test_what_lake_complains_of_is_passed_on(with_lake: Compiler, root: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match=r"^`lake build` ended with 1: Broken\.lean:3:5: unknown$"):
        await builder_of(with_lake, tmp_path).build(write(root, {"Broken": ""}))


async def test_a_module_that_lake_leaves_out_is_named(with_lake: Compiler, root: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match=r"^lake compiled no Stray\.lean$"):
        await builder_of(with_lake, tmp_path).build(write(root, {"A": "", "Stray": ""}))


LOWER = "def f (n : Nat) : Nat := n + 1\ntheorem one : f 1 = 2 := {}\n"
UPPER = "module\n\npublic import Lower\n\npublic section\n\ntheorem two : f 1 = 2 := one\n"


async def build_of(builder: Builder, root: Path, lower: str) -> tuple[Build, int]:
    before = builder.compiled
    (root / "Lower.lean").write_text(HEADER + lower)
    return await builder.build(root), builder.compiled - before


async def test_the_real_lean_compiles_importers_again_for_a_definition_but_not_for_a_proof(
    toolchain: Toolchain, project: Callable[[Mapping[str, str]], Path], tmp_path: Path
) -> None:
    root = project({"Lower": LOWER.format("sorry"), "Upper": UPPER})
    builder = Builder(toolchain, tmp_path / "cache")
    _, compiled = await build_of(builder, root, LOWER.format("sorry"))
    assert compiled == 2
    proof = "by\n  have h (n : Nat) : f n = n + 1 := by unfold f; omega\n  rw [h]"
    proved, compiled = await build_of(builder, root, LOWER.format(proof))
    assert compiled == 1
    assert await build_of(builder, root, LOWER.format(proof)) == (proved, 0)
    (root / "Upper.lean").unlink()
    changed, _ = await build_of(builder, root, LOWER.format("sorry").replace("n + 1", "1 + n"))
    assert changed.modules["Lower"].interface != proved.modules["Lower"].interface
    with pytest.raises(BuildFailed, match=r"^Lower\.lean:6:35: Unknown identifier `foo`$"):
        await build_of(builder, root, LOWER.format("by exact foo"))


ENORMOUS = "set_option exponentiation.threshold 2000000000000 in\ntheorem t : (2 ^ (2 ^ 40)) % 7 = 3 := by decide\n"


@pytest.mark.parametrize(
    ("text", "memory", "word"),
    [(ENORMOUS, 8 << 30, "exponent is too big"), ("theorem t : True := trivial\n", 2 << 30, "bad_alloc|out of memory")],
    ids=["in a proof", "before it begins"],
)
async def test_the_real_lean_that_runs_out_of_memory_has_neither_refused_the_module_nor_crashed(
    toolchain: Toolchain,
    project: Callable[[Mapping[str, str]], Path],
    tmp_path: Path,
    text: str,
    memory: int,
    word: str,
) -> None:
    builder = Builder(toolchain, tmp_path / "cache", memory=memory)
    with pytest.raises(
        ResourceExhausted, match=rf"^Lean ran out of memory while compiling A\.lean: ({word})$"
    ) as caught:
        await builder.build(project({"A": text}))
    assert "build_gib" in caught.value.remedy
