"""`prover.repair`: a file read by its commands, and repaired and judged with the real Lean."""

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.repair.edits import Edit, applied
from prover.config import Config
from prover.errors import LeanError, ProjectError
from prover.lean.build import Build, Builder
from prover.lean.pool import LeanPool, WorkerLimits
from prover.lean.toolchain import Toolchain
from prover.model import Budget
from prover.repair.books import Books
from prover.repair.file import Tools, repair_file
from prover.repair.original import Original
from prover.repair.outcome import Report, Result, Status
from prover.repair.parts import parts, unclosed
from prover.repair.place import Place
from prover.repair.proofs import Found, Repairer
from prover.repair.scan import Scan, Scanner
from prover.repair.sheet import HOLE, New, Sheet
from prover.repair.tasks import task_for
from prover.repair.tidy import mended, unwrapped
from tests.fakes import FakeToolchain

BROKEN = """def double (n : Nat) : Nat := n + n

namespace A
section
variable (a b : Nat)

/-- Sums. -/
@[simp] theorem double_add (_h : a ≤ b) : double (a + b) = double a + double b := by
  unfold dobule
  omega

private theorem two : double 2 = 4 := by
  exact rfll

theorem rests : double 2 = 4 := by
  exact twoo
end
end A

theorem open_one (n : Nat) (f : Nat → Nat) : f (f n) = n → f (f (f (f n))) = n := sorry

theorem on_open (n : Nat) (f : Nat → Nat) (h : f (f n) = n) : f (f (f (f n))) = n := by
  exact open_onee n f h

set_option maxRecDepth 600 in
example : double 3 = 6 := by
  unfold dobule
  rfl

def odd : Nat := "x" + 1

theorem of_odd : odd = 3 := by
  exact nonsense

theorem ill (n : Nat) : n = undefinedThing 3 n := by simp

theorem trusting : 10 * 10 = 100 := by native_decide

theorem fine (n : Nat) : n + 0 = n := rfl
"""


def names(text: str) -> list[str]:
    return [part.shown for part in parts(text)]


def test_commands_are_told_apart_by_words_and_layout() -> None:
    text = "import Init\nopen Nat in\n/-- doc -/\n@[simp]\nprivate theorem a : 1 = 1 := by\n  rfl\nnamespace N\n"
    text += "  theorem b : 1 = 1 := rfl\n  lemma c : 2 = 2 := by simp\nend N\nexample : True := trivial\n"
    assert names(text) == ["a", "namespace on line 7", "N.b", "N.c", "end on line 10", "example on line 11"]
    first = parts(text)[0]
    assert text[first.start : first.command] == "open Nat in\n"
    assert first.slot is not None
    assert text[slice(*first.slot.body)] == ":= by\n  rfl"


def test_the_end_of_lean_3_belongs_to_its_proof() -> None:
    text = "theorem a : 1 = 1 :=\nbegin\n  simp,\nend\n\ntheorem b : True := trivial\nend\n"
    assert names(text) == ["a", "b", "end on line 7"]


def test_a_string_that_is_not_closed_does_not_swallow_what_follows() -> None:
    text = 'theorem a : 1 = 1 := by\n  exact "abc\n\ntheorem b : "x" = "x" := rfl\n'
    assert names(text) == ["a", "b"]


def test_two_theorems_on_a_line_are_two() -> None:
    assert names("theorem a : True := trivial theorem b : True := trivial") == ["a", "b"]


def test_a_comment_that_is_not_closed_is_found() -> None:
    assert unclosed("theorem a : True := by\n/- open /- in -/") == 23
    assert unclosed("/- a /- b -/ -/ theorem a : True := trivial -- /-") is None


@given(st.text(alphabet="theorm /-\n\"'`:=by|end inmutal@[]#x«", max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    found = parts(text)
    assert all(before.end <= after.start for before, after in pairwise(found))


def a_task(text: str, name: str) -> str:
    part = next(part for part in parts(text) if part.name == name)
    assert part.slot is not None
    return task_for(text, part.slot, name, "test", Budget(1.0, 1)).outline


def test_the_outline_leaves_proofs_open_and_options_on() -> None:
    text = "theorem a : 1 = 1 := by simp\ntheorem r : 1 = 1 := rfl\nopen Nat in\ntheorem b : 2 = 2 := by simp\n"
    assert a_task(text, "b").split("\n") == [
        "theorem a : 1 = 1 := sorry",
        "theorem r : 1 = 1 := rfl",
        "open Nat ",
        "",
        "",
    ]


def test_mutual_theorems_know_each_other() -> None:
    text = "mutual\ntheorem a : True := b\ntheorem b : True := trivial\nend\n"
    assert a_task(text, "a").strip() == "theorem b : True := sorry"


def test_a_task_knows_the_theorems_and_definitions_before_it() -> None:
    text = "def N.d := 1\ndef e := 1\ntheorem a : True := trivial\ntheorem b : N.d = 1 := by simp\n"
    slot = parts(text)[3].slot
    assert slot is not None
    task = task_for(text, slot, "b", "test", Budget(1.0, 1))
    assert (task.lemmas, task.definitions) == (("a",), ("N.d",))


def test_the_words_around_fenced_lean_are_taken_out_and_drafts_too() -> None:
    text = (
        'A "draft:\n```lean\ntheorem a : True := sorry\n```\nBetter:\n```lean4\ntheorem a : True := trivial\n```\nDone.'
    )
    assert applied(text, unwrapped(text)) == "theorem a : True := trivial\n"


def test_a_lemma_and_a_missing_sign_are_mended_only_where_lean_complains() -> None:
    text = "lemma a (n : Nat) : n = (by exact n) by simp\nlemma b : True := trivial\n"
    edits = mended(text, parts(text), [0])
    assert applied(text, edits).startswith("theorem a (n : Nat) : n = (by exact n) := by simp\nlemma b")


@given(st.text(alphabet="ab\r\n", max_size=30), st.data())
def test_line_ends_and_marks_stay(raw: str, data: st.DataObject) -> None:
    original = Original(Path("a.lean"), b"\xef\xbb\xbf" + raw.encode())
    at = data.draw(st.integers(0, len(original.text)))
    edited = original.edited([Edit(at, at, "X")])
    assert edited.data.replace(b"X", b"") == original.data
    assert edited.text.replace("X", "") == original.text


def test_new_lines_end_as_the_others_do() -> None:
    original = Original(Path("a.lean"), b"a\r\nb\r\n")
    assert original.edited([Edit(1, 2, "\n\n")]).data == b"a\r\n\r\nb\r\n"


def test_what_is_put_in_place_knows_where_its_commands_are() -> None:
    sheet = Sheet("theorem a : True := by\n  simp\n\n#eval 1\ntheorem b : True := by simp\nexample : True := trivial\n")
    made = sheet.made({0: HOLE, 2: New(":= trivial", "theorem b.helper.x : True := trivial")}, {1}, {3})
    assert "example_on_line_6 : True" in made.text
    for start, number in made.starts:
        assert made.text.startswith(
            ("theorem a", "theorem b.helper", "theorem example")[min(number, 3) - (number > 0)], start
        )


@pytest.fixture
async def fake() -> AsyncIterator[LeanPool]:
    async with LeanPool(FakeToolchain(), size=1, spares=0, limits=WorkerLimits(seconds=0.5)) as pool:
        yield pool


async def repaired_by_fake(pool: LeanPool, builder: Builder, text: str) -> Found:
    scan = await Scanner(pool, 0.5).scan(Original(Path("a.lean"), text.encode()))
    assert scan.failing == {0}
    config = Config(check_seconds=0.5)
    place = Place(Path(), Path("a.lean"), Build({}, Path(), {}), builder)
    with Books.opened(config) as books:
        return await Repairer(scan.sheet, scan.rest, pool, books, place, config, 1e12).repair(0)


async def test_a_proof_on_which_lean_dies_is_left_as_it_is(fake: LeanPool, builder: Builder) -> None:
    found = await repaired_by_fake(fake, builder, "theorem a : True := by\ndie\n")
    assert found.new is None
    assert "died" in found.why


async def test_a_proof_without_an_answer_is_one_that_fails(fake: LeanPool, builder: Builder) -> None:
    found = await repaired_by_fake(fake, builder, "theorem a : True := by\nhang\n")
    assert found.errors[0] == 1


async def test_a_file_on_which_lean_fails_without_its_proofs_is_an_error(fake: LeanPool) -> None:
    with pytest.raises(LeanError, match=r"no answer about a\.lean"):
        await Scanner(fake, 0.5).scan(Original(Path("a.lean"), b"theorem a : True := by simp\n#eval 1\nhang\n"))


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


async def scanned(pool: LeanPool, text: str) -> Scan:
    return await Scanner(pool, 60.0).scan(Original(Path("a.lean"), text.encode()))


async def test_what_is_not_there_to_import_is_said_in_a_line(pool: LeanPool) -> None:
    with pytest.raises(ProjectError, match="unknown module prefix 'Mathlib'") as caught:
        await scanned(pool, "import Mathlib\ntheorem a : True := trivial\n")
    assert "take the import out" in caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "It is well known that\nthe theorem holds.\n",
        "\\documentclass{article}\n\\begin{theorem}\n$1 + 1 = 2$\n\\end{theorem}\n",
    ],
)
async def test_prose_and_latex_are_not_lean(pool: LeanPool, text: str) -> None:
    with pytest.raises(ProjectError, match="no declaration"):
        await scanned(pool, text)


async def test_what_fails_is_found_and_what_needs_it_is_left_out(pool: LeanPool) -> None:
    text = 'def odd : Nat := "x" + 1\ntheorem of_odd : odd = odd := by rfl\ntheorem a : 1 = 1 := by simpp\n'
    scan = await scanned(pool, text + "theorem b : True := sorry\ndef hole : Nat := sorry\ntheorem c : True := trivial")
    assert (scan.failing, scan.open, scan.data) == ({2}, {3}, {4})
    assert scan.cut.keys() == {0, 1}
    assert "needs odd" in scan.cut[1]  # Lean would take it for a variable
    assert scan.doubtful is None


async def test_what_follows_a_broken_variable_is_in_doubt(pool: LeanPool) -> None:
    scan = await scanned(pool, "theorem a : True := trivial\nvariable (n : Natt 3 n)\ntheorem b : n = n := by rfl\n")
    assert scan.doubtful == 1


async def test_an_instance_is_a_proof_only_of_a_proposition(pool: LeanPool) -> None:
    text = 'instance : Inhabited Nat := ⟨"x"⟩\ninstance : Std.Commutative (α := Nat) (· + ·) := ⟨nonsense⟩\n'
    scan = await scanned(pool, text)
    assert (scan.failing, {*scan.cut}) == ({1}, {0})


async def test_three_hundred_errors_are_one_proof_that_fails(pool: LeanPool) -> None:
    steps = "".join(f"  have h{number} : {number} = 0 := nonsense{number}\n" for number in range(300))
    scan = await scanned(pool, f"theorem a : True := by\n{steps}  trivial\ntheorem b : True := trivial\n")
    assert scan.failing == {0}


async def test_a_whole_reply_of_a_model_is_read_as_lean(pool: LeanPool) -> None:
    scan = await scanned(pool, 'The "proof":\n\n```lean\nlemma a : 1 = 1 by rfl\n```\nIt\'s done.\n')
    assert scan.original.text == "theorem a : 1 = 1 := by rfl\n"
    assert (scan.failing, len(scan.mended)) == (set(), 3)


async def test_what_stands_behind_an_open_comment_is_not_read(pool: LeanPool) -> None:
    scan = await scanned(pool, "theorem a : 1 = 1 := by simpp\n/- and\ntheorem b : False := by simp\n")
    assert scan.left == ["line 2: a comment that nothing closes; what stands behind it was not read"]
    assert scan.failing == {0}


async def repaired(folder: Path, builder: Builder, text: str, asked: str = "", **settings: object) -> Report:
    path = folder / "File.lean"
    path.write_bytes(text.encode())
    config = Config.model_validate({"attempt_seconds": 60.0, **settings})
    report = await repair_file(Original.read(path), asked, Tools(builder, config))
    assert path.read_bytes() == text.encode()  # only the command line writes
    return report


@pytest.fixture(scope="module")
async def report(tmp_path_factory: pytest.TempPathFactory, builder: Builder) -> Report:
    return await repaired(tmp_path_factory.mktemp("broken"), builder, BROKEN)


def result(report: Report, name: str) -> Result:
    return next(result for result in report.results if result.name == name)


@pytest.mark.slow
def test_wrong_names_are_mended_and_judged_in_one_build(report: Report) -> None:
    for name in ("A.double_add", "A.two", "A.rests", "example on line 27"):
        found = result(report, name)
        assert found.status is Status.PROVED, (name, found.why)
        assert found.verdict is not None
        assert found.errors == (1, 0)


@pytest.mark.slow
def test_what_rests_on_an_open_lemma_is_not_proved(report: Report) -> None:
    lemma, user = result(report, "open_one"), result(report, "on_open")
    if lemma.status is not Status.PROVED:
        assert user.status is not Status.PROVED
        assert user.verdict is not None
        assert user.verdict.rests_on == ("open_one",)


@pytest.mark.slow
def test_definitions_and_statements_are_not_touched_and_what_needs_them_is_not_judged(report: Report) -> None:
    assert result(report, "odd").status is Status.UNCHANGED
    assert "needs odd" in result(report, "of_odd").why
    assert "its statement does not elaborate" in result(report, "ill").why
    for stated in ('def odd : Nat := "x" + 1', "theorem of_odd : odd = 3 := by\n  exact nonsense"):
        assert stated in report.new.text


@pytest.mark.slow
def test_a_cheat_that_compiles_is_refused_with_its_reason(report: Report) -> None:
    found = result(report, "trusting")
    assert found.verdict is not None
    assert (found.status, [*found.verdict.reasons]) == (Status.UNCHANGED, ["TRUST_COMPILER"])
    assert not report.proved


@pytest.mark.slow
def test_what_is_fine_is_counted_and_not_listed(report: Report) -> None:
    assert report.others == 1
    assert "fine" not in [each.name for each in report.results]


CHEATS = """axiom trust_me : ∀ p : Prop, p
macro "close" : tactic => `(tactic| exact trust_me _)
theorem by_axiom : 2 + 2 = 5 := by close
theorem by_compiler : (List.range 7).length = 7 := by native_decide
theorem by_option : 3 + 3 = 7 := by
  set_option debug.skipKernelTC true in decide +kernel
theorem honest : 1 + 1 = 2 := by simpp
"""


@pytest.mark.slow
async def test_what_a_file_claims_by_a_trick_is_not_proved(tmp_path: Path, builder: Builder) -> None:
    report = await repaired(tmp_path, builder, CHEATS)
    proved = {result.name for result in report.results if result.status is Status.PROVED}
    assert proved == {"honest"}
    assert report.others == 0
    assert not report.proved


@pytest.mark.slow
async def test_a_file_of_five_thousand_lines_is_repaired(tmp_path: Path, builder: Builder) -> None:
    broken = {10, 333, 666, 999}

    def theorem(number: int) -> str:
        name = "Nat.add_com" if number in broken else "Nat.add_comm"
        steps = f"  have h : a + b = b + a := by\n    exact {name} a b\n  rw [h]\n"
        return f"theorem t{number} (a b : Nat) : a + b + {number} = b + a + {number} := by\n{steps}"

    text = "\n".join(map(theorem, range(1000)))
    report = await repaired(tmp_path, builder, text, build_seconds=300.0)
    assert text.count("\n") == 4999
    assert [result.name for result in report.results] == [f"t{number}" for number in sorted(broken)]
    assert report.proved
    assert report.others == 996
    assert report.new.text == text.replace("Nat.add_com a b", "Nat.add_comm a b")
