"""Suites in the shapes in which they are published, and what they want of a machine."""

from pathlib import Path

import pytest

from prover.bench.problem import Problem, Suite, Truth
from prover.bench.suites.catalogue import catalogue
from prover.bench.suites.opening import core, open_suite
from prover.bench.suites.reading import FORMATS, read_suite
from prover.bench.suites.wants import examine
from prover.errors import ConfigError
from prover.lean.toolchain import Toolchain

DATA = Path(__file__).parent / "data" / "suites"
COMPETITION = """\
import Mathlib
import Aesop

set_option maxHeartbeats 400000
open BigOperators Real Nat Topology Rat"""


def by_name(suite: Suite) -> dict[str, Problem]:
    return {problem.name: problem for problem in suite.problems}


async def test_minif2f_as_json_lines() -> None:
    suite = await open_suite(f"minif2f:{DATA / 'minif2f.jsonl'}")
    garden = by_name(suite)["mathd_garden_7"]
    assert len(suite.problems) == 3
    assert not suite.unusable
    assert garden == Problem(
        name="mathd_garden_7",
        statement="theorem mathd_garden_7 (x : ℝ) (h₀ : 0 < x) (h₁ : x ^ 2 = 49) : x = 7",
        header=COMPETITION,
        split="valid",
        informal="A square garden has area $49$. How long is its side? Show that it is 7.",
        source="minif2f.jsonl:1",
    )
    assert [problem.split for problem in suite.problems] == ["valid", "test", "test"]


async def test_whole_files_within_records_give_the_same_statements() -> None:
    plain = by_name(await open_suite(str(DATA / "minif2f.jsonl")))
    whole = by_name(await open_suite(str(DATA / "kimina.jsonl")))
    for name in ("mathd_garden_7", "induction_fourdvd_square"):
        assert plain[name].digest == whole[name].digest


async def test_minif2f_as_lean_files_with_the_split_from_the_folder_and_the_toolchain_beside_it() -> None:
    suite = await open_suite(str(DATA / "minif2f_lean4"))
    assert {problem.name: problem.split for problem in suite.problems} == {
        "mathd_garden_7": "valid",
        "induction_fourdvd_square": "test",
    }
    even = by_name(suite)["induction_fourdvd_square"]
    assert even.statement == "theorem induction_fourdvd_square (n : ℕ) (h₀ : Even n) :\n  4 ∣ n ^ 2"
    assert even.source == "MiniF2F/Test/induction_fourdvd_square.lean:7"
    assert suite.wants == "leanprover/lean4:v4.9.0"


@pytest.mark.parametrize("name", ["formalmath.jsonl", "formalmath_lite.json"])
async def test_formalmath_as_lines_and_as_one_array(name: str) -> None:
    odd, pigeons = (await open_suite(f"formalmath:{DATA / name}")).problems
    assert odd.header == "import Mathlib"
    assert odd.statement == "theorem garden_1_7 {a b : ℤ} (ha : Odd a) (hb : Odd b) :\n    Even (a + b)"
    assert odd.informal == "The sum of two odd numbers is even."
    assert odd.domain == "Number Theory"
    assert pigeons.header == "import Mathlib\n\nopen Finset"
    assert "/--" not in pigeons.statement


async def test_proofnet_of_both_publishers() -> None:
    first, second = (await open_suite(f"proofnet:{DATA / 'proofnet.jsonl'}")).problems
    assert first.statement == "theorem exercise_0_1a {α : Type*} :\n  Injective (id : α → α)"
    assert (first.split, second.split) == ("valid", "test")
    (port,) = (await open_suite(f"proofnet:{DATA / 'proofnet_lean4.jsonl'}")).problems
    assert port.header == first.header
    assert port.informal == "Prove that the identity is injective."  # and no word of how


async def test_putnambench_has_its_answers_filled_in_from_the_comment_below() -> None:
    suite = await open_suite(f"putnambench:{DATA / 'putnam'}")
    found = by_name(suite)
    assert found["putnam_2031_a1"].preamble == "abbrev putnam_2031_a1_solution : ℕ → ℕ :=\n  fun n : ℕ => n * (n + 1)"
    assert found["putnam_2031_a1"].informal == r"Evaluate in closed form \[ \sum_{k=1}^n 2k. \]"
    assert found["putnam_2031_a2"].preamble.endswith(":=\n  {x : ℝ | 0 ≤ x ∧\n    x ≤ 1}")
    assert found["putnam_2031_b2"].preamble == ""
    (left,) = suite.unusable
    assert (left.name, left.why) == ("putnam_2031_b1", "its answer is left open: putnam_2031_b1_solution")
    assert left.source == "putnam_2031_b1.lean:8"
    assert suite.notes == ("answer filled in from the comment below it: 2",)


async def test_statements_rewritten_for_a_lean_without_mathlib() -> None:
    first, second = (await open_suite(str(DATA / "core_statement.jsonl"))).problems
    assert first.text == ("theorem sum_of_three (x y : Nat) (h₀ : x + y = 3)\n  (h₁ : y = 2) : x = 1 := by\n  sorry\n")
    assert (second.domain, second.level, second.split) == ("sum-List", "B-rewritten", "valid")


async def test_a_folder_with_a_manifest() -> None:
    suite = await open_suite(str(DATA / "book"))
    assert (suite.name, suite.wants) == ("book", "lemmaworks/embedded:4.28.0-pre")
    assert suite.notes == ("licence: Apache-2.0",)
    assert [problem.name for problem in suite.problems] == [
        "Book.last",
        "Book.twice_eq",
        "Book.twice_even",
        "Book.length_wrong",
    ]
    last, twice, _, wrong = suite.problems
    assert (last.level, last.split, last.domain, last.truth) == ("2", "", "", Truth.TRUE)
    assert (twice.level, twice.split, twice.domain, twice.truth) == ("1", "test", "Numbers", Truth.TRUE)
    assert (wrong.domain, wrong.truth) == ("Lists", Truth.FALSE)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ('title = "x"', "`title`"),
        ("false = 3", "`false`"),
        ('false = ["nobody"]', "nobody"),
        ('files = ["Gone.lean"]', "Gone.lean"),
        ('files = ["../escaped.lean"]', "escaped"),
        ('[files]\n"A.lean" = {levels = "1"}', "levels"),
        ("name = ", "suite.toml"),
    ],
)
async def test_a_manifest_that_makes_no_sense_is_refused_by_its_key(tmp_path: Path, manifest: str, said: str) -> None:
    folder = tmp_path / "suite"
    folder.mkdir()
    (tmp_path / "escaped.lean").write_text("theorem out : True := trivial")
    (folder / "A.lean").write_text("theorem a : True := trivial")
    (folder / "suite.toml").write_text(manifest)
    with pytest.raises(ConfigError, match=said) as raised:
        await open_suite(str(folder))
    assert "\n" not in str(raised.value)
    assert raised.value.remedy


async def test_without_a_word_on_truth_nobody_knows_it(tmp_path: Path) -> None:
    (tmp_path / "A.lean").write_text("theorem a : True := trivial\ntheorem b : False := sorry")
    (tmp_path / "suite.toml").write_text('false = ["b"]')
    assert [problem.truth for problem in (await open_suite(str(tmp_path))).problems] == [Truth.UNKNOWN, Truth.FALSE]


def test_the_suite_of_our_own_is_in_the_checkout() -> None:
    assert core().name == "core"
    assert (core() / "suite.toml").is_file()


async def test_an_unknown_suite_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ConfigError, match="no suite 'minif2g'") as raised:
        await open_suite("minif2g")
    assert "minif2f" in raised.value.remedy


@pytest.mark.parametrize(
    ("form", "file", "said"),
    [
        ("formalmath", "minif2f.jsonl", "formal_statement"),
        ("lean", "minif2f.jsonl", "is none of .lean"),
        ("json", "putnam/putnam_2031_a1.lean", "is none of .json"),
        ("formalmath", "putnam", "is a folder"),
    ],
)
async def test_a_file_of_another_format_than_was_said_is_refused(form: str, file: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        await open_suite(f"{form}:{DATA / file}")


async def test_what_cannot_be_a_suite_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "notes.txt").write_text("theorem a : True := trivial")
    (tmp_path / "none.lean").write_text("def x := 1")
    (tmp_path / "folder").mkdir()
    for name in ("empty.jsonl", "notes.txt", "none.lean", "folder", "gone.lean"):
        with pytest.raises(ConfigError) as raised:
            await open_suite(str(tmp_path / name))
        assert "\n" not in str(raised.value)
        assert raised.value.remedy
    with pytest.raises(ConfigError):
        await open_suite("")


async def test_a_local_suite_has_no_revision_to_choose() -> None:
    with pytest.raises(ConfigError, match="at no revision"):
        await open_suite(str(DATA / "minif2f.jsonl"), revision="main")


def test_every_pin_of_the_catalogue_is_a_whole_commit_and_every_format_is_known() -> None:
    entries = catalogue()
    assert {"minif2f", "formalmath", "formalmath-lite", "putnambench", "proofnet"} <= entries.keys()
    for entry in entries.values():
        assert entry.format in FORMATS
        assert bool(entry.git) != bool(entry.hub)
        assert entry.revision == "" or (len(entry.revision) == 40 and int(entry.revision, 16))
        assert not entry.git or (entry.revision and entry.inside)


async def test_a_suite_whose_file_nobody_has_seen_says_what_to_give() -> None:
    with pytest.raises(ConfigError) as raised:
        await open_suite("formalmath", revision="0" * 40)
    assert raised.value.remedy == "say formalmath:hub:SphereLab/FormalMATH-All#FILE with --revision"


async def test_what_a_suite_imports_is_looked_for_where_lean_would(toolchain: Toolchain, tmp_path: Path) -> None:
    suite = read_suite(DATA / "minif2f.jsonl")
    rows = await examine(suite, toolchain, [])
    assert [row.fine for row in rows] == [True, True, False, False]
    assert rows[2].subject == "Mathlib, which 3 of 3 statements import"
    assert rows[2].remedy
    (tmp_path / "Mathlib.olean").touch()
    (tmp_path / "Aesop.olean").touch()
    assert all(row.fine for row in await examine(suite, toolchain, [tmp_path]))
    plain = read_suite(DATA / "core_statement.jsonl")
    assert len(await examine(plain, toolchain, [])) == 2


async def test_a_module_of_leans_own_library_is_there(toolchain: Toolchain, tmp_path: Path) -> None:
    file = tmp_path / "a.lean"
    file.write_text("import Std.Data.HashMap\nimport Lean\nimport Nobody.Knows\ntheorem a : True := trivial")
    rows = await examine(read_suite(file), toolchain, [])
    assert {row.subject.partition(",")[0]: row.fine for row in rows[2:]} == {
        "Std.Data.HashMap": True,
        "Lean": True,
        "Nobody.Knows": False,
    }


@pytest.mark.parametrize(
    ("wants", "said"),
    [
        ("leanprover/lean4:v4.9.0", "newer than leanprover/lean4:v4.9.0"),
        ("leanprover/lean4:v4.32.2", "older than leanprover/lean4:v4.32.2"),
        ("lemmaworks/embedded:4.28.0-pre", "as minif2f wants it"),
        ("", "nobody says"),
    ],
)
async def test_another_version_of_lean_is_said_and_is_no_problem(toolchain: Toolchain, wants: str, said: str) -> None:
    suite = Suite("minif2f", (Problem("a", "theorem a : True"),), wants=wants)
    version = (await examine(suite, toolchain, []))[1]
    assert said in version.subject
    assert version.fine
