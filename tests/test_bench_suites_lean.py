"""Lean files as problems: what stands before a statement, what is taken of it, and what is no problem."""

from collections import Counter
from pathlib import Path

import pytest

from prover.bench.problem import Problem, Unusable
from prover.bench.suites.lean import read_lean
from prover.bench.suites.reading import read_suite
from prover.lean.build import Builder


def read(text: str) -> list[Problem | Unusable]:
    return list(read_lean(text, lambda line: f"a.lean:{line}", Counter()))


def one(text: str, name: str = "") -> Problem:
    found = [p for p in read(text) if isinstance(p, Problem) and (not name or p.name == name)]
    assert len(found) == 1, found
    return found[0]


def why(text: str) -> str:
    (found,) = read(text)
    assert isinstance(found, Unusable)
    return found.why


def test_a_statement_is_cut_at_its_own_colon_equals() -> None:
    problem = one("theorem a (h : 1 = 1 := by rfl) : let x := 2; x = 2 ∧ (fun y => y = y) x := by\n  simp")
    assert problem.statement == "theorem a (h : 1 = 1 := by rfl) : let x := 2; x = 2 ∧ (fun y => y = y) x"


def test_a_theorem_by_cases_is_cut_before_the_first() -> None:
    assert one("theorem a : ∀ n : Nat, n = n\n  | 0 => rfl\n  | _ + 1 => rfl").statement.endswith("n = n")


def test_comments_at_the_end_of_a_statement_go_and_those_within_stay() -> None:
    problem = one("theorem a -- the first\n  : 1 = 1 -- the last\n  := rfl")
    assert problem.statement == "theorem a -- the first\n  : 1 = 1"


def test_attributes_and_modifiers_stay_and_the_docstring_is_the_words() -> None:
    problem = one("/-- In\nwords. -/\n@[simp] protected theorem A.a : 1 = 1 := rfl")
    assert problem.statement == "@[simp] protected theorem A.a : 1 = 1"
    assert problem.informal == "In\nwords."


def test_what_stands_before_a_statement_with_in_belongs_to_it() -> None:
    problem = one("open Nat in\nset_option maxHeartbeats 10 in\n/-- words -/\ntheorem a : 1 = 1 := rfl")
    assert problem.statement == "open Nat in\nset_option maxHeartbeats 10 in\ntheorem a : 1 = 1"
    assert (problem.header, problem.preamble) == ("", "")


def test_the_header_ends_with_the_first_declaration() -> None:
    first = "/- (c) -/\nimport Lean\nimport Std\n/-! About. -/\nopen Nat\nuniverse u\n"
    problem = one(f"{first}def x := 1\nopen List\ntheorem a : x = 1 := rfl")
    assert problem.header == "import Lean\nimport Std\n\nopen Nat\nuniverse u"
    assert problem.preamble == "def x := 1\n\nopen List"


def test_a_definition_is_taken_where_it_is_named_and_with_what_it_rests_on() -> None:
    text = """
def one := 1
def two := one + 1
def three := 3
def Nat.half (n : Nat) := n / two
theorem plain : 1 = 1 := rfl
theorem direct : three = 3 := rfl
theorem through (n : Nat) : n.half ≤ n := sorry
theorem behind (n : Nat) : (n + 0).half ≤ n := sorry
"""
    assert one(text, "plain").preamble == ""
    assert one(text, "direct").preamble == "def three := 3"
    rests = "def one := 1\n\ndef two := one + 1\n\ndef Nat.half (n : Nat) := n / two"
    assert one(text, "through").preamble == one(text, "behind").preamble == rests


def test_what_changes_other_commands_without_being_named_is_always_taken() -> None:
    always = [
        'def one := 1\n\nnotation "№" => one',
        "structure Pair where\n  a : Nat\n\ninstance : Inhabited Pair := ⟨⟨1⟩⟩",
        "@[simp] def one := 1",
        "def one := 1\n\nattribute [simp] one",
        "class Small (n : Nat) where\n  small : n < 9",
        "variable (n : Nat)",
        "mutual\n\ndef f : Nat → Nat | 0 => 0 | n + 1 => g n\n\ndef g : Nat → Nat | 0 => 0 | n + 1 => f n\n\nend",
    ]
    for commands in always:
        text = f"def zero := 0\n\n{commands}\n\ntheorem a : 1 = 1 := rfl"
        assert one(text).preamble == commands


def test_a_namespace_that_is_opened_is_there_even_with_nothing_in_it() -> None:
    inside = "namespace A\ntheorem x : 1 = 1 := rfl\nend A\n"
    assert one(f"{inside}open A\ntheorem b : 2 = 2 := rfl", "b").preamble == "namespace A\n\nend A\n\nopen A"
    within = one(f"{inside}open A in\ntheorem b : 2 = 2 := rfl", "b")
    assert within.preamble == "namespace A\n\nend A"


def test_other_theorems_are_left_out_unless_a_statement_names_them() -> None:
    text = """
theorem first : 1 = 1 := by rfl
theorem second : first = first := by rfl
theorem third : 3 = 3 := by rfl
theorem fourth : second = second := by rfl
"""
    assert one(text, "third").preamble == ""
    assert one(text, "fourth").preamble == (
        "theorem first : 1 = 1 := by\n  sorry\n\ntheorem second : first = first := by\n  sorry"
    )


def test_the_name_of_a_theorem_is_no_mention_of_another() -> None:
    text = "theorem a : 1 = 1 := rfl\ntheorem a.b : 2 = 2 := rfl\ntheorem c : a.symm = a := rfl"
    assert one(text, "a.b").preamble == ""
    assert one(text, "c").preamble == "theorem a : 1 = 1 := by\n  sorry"


def test_a_theorem_that_a_definition_names_comes_with_the_definition() -> None:
    text = "namespace A\ntheorem pos : 0 < 2 := by decide\nend A\ndef two : Fin 2 := ⟨0, A.pos⟩\n"
    assert one(f"{text}theorem b : two = 0 := rfl", "b").preamble == (
        "namespace A\n\ntheorem pos : 0 < 2 := by\n  sorry\n\nend A\n\ndef two : Fin 2 := ⟨0, A.pos⟩"
    )


def test_sections_in_which_nothing_is_left_go() -> None:
    text = "section\nnamespace A\ntheorem a : 1 = 1 := rfl\nend A\nend\ntheorem b : 2 = 2 := rfl"
    assert one(text, "b").preamble == ""
    assert one(text, "A.a").preamble == "section\n\nnamespace A"


def test_the_nearest_heading_is_the_domain() -> None:
    text = "/-! # Book -/\n/-! ## Lists\n\nAll of them. -/\ntheorem a : 1 = 1 := rfl\n/-! no heading -/\n"
    found = read(f"{text}theorem b : 2 = 2 := rfl")
    assert [p.domain for p in found if isinstance(p, Problem)] == ["Lists", "Lists"]


def test_a_lemma_is_a_theorem_where_nobody_has_declared_the_word() -> None:
    notes: Counter[str] = Counter()
    (plain,) = read_lean("lemma lemma_a : 1 = 1 := rfl", str, notes)
    assert isinstance(plain, Problem)
    assert plain.statement == "theorem lemma_a : 1 = 1"
    assert notes == {"`lemma` written as `theorem`, since Mathlib is not imported": 1}
    assert one("import Mathlib.Tactic\nlemma a : 1 = 1 := rfl").statement == "lemma a : 1 = 1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("example : 1 = 1 := rfl", "without a name"),
        ("theorem : 1 = 1 := rfl", "without a name"),
        ("theorem a : 1 = 1", "no `:=`"),
        ("theorem a (x : 1 = 1 := rfl", "no `:=`"),
        ("private theorem a : 1 = 1 := rfl", "private"),
        ("mutual\ntheorem a : 1 = 1 := rfl\nend", "mutual"),
        ("def x : Nat := sorry\ntheorem a : x = 1 := rfl", "left open: x"),
        ("def x : Nat := sorry\n\n-- a remark\ntheorem a : x = 1 := rfl", "left open: x"),
        ("def x : Nat := sorry\ndef y := x\ntheorem a : y = 1 := rfl", "left open: x"),
        ("def x : Nat × Nat := (1, sorry)\n-- (1, 2)\ntheorem a : x = 1 := rfl", "left open: x"),
        ("/- (c) theorem a : 1 = 1 := rfl", "line 1 is never closed"),
    ],
)
def test_what_is_no_problem_says_why(text: str, said: str) -> None:
    assert said in why(text)


def test_a_comment_that_is_never_closed_costs_only_what_is_behind_it() -> None:
    found = read("theorem a : 1 = 1 := rfl\n/- oh /- -/\ntheorem b : 2 = 2 := rfl")
    assert [type(item) for item in found] == [Unusable, Problem]
    assert found[0].source == "a.lean:2"


def test_a_text_may_end_before_the_command_that_it_announces() -> None:
    (found,) = read("theorem a : 1 = 1 := rfl\nopen Nat in")
    assert found.name == "a"


def test_an_answer_that_nothing_asks_for_may_be_open() -> None:
    assert one("def x : Nat := sorry\ntheorem a : 1 = 1 := rfl").name == "a"


@pytest.mark.parametrize(
    ("comment", "value"),
    [
        ("-- 2", "2"),
        ("/- 2 -/", "2"),
        ("-- 2\n\n-- another remark", "2"),
        ("-- fun x =>\n--   x + 1", "fun x =>\n    x + 1"),
    ],
)
def test_an_answer_may_have_lines_or_be_a_block(comment: str, value: str) -> None:
    problem = one(f"abbrev x : Nat := sorry\n{comment}\n/-- words -/\ntheorem a : x = 2 := sorry")
    assert problem.preamble == f"abbrev x : Nat :=\n  {value}"


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_marks_and_ends_of_lines_change_nothing(tmp_path: Path, data: bytes) -> None:
    text = "/-- für α -/\r\ntheorem a (α : Nat) :\r\n  α = α := rfl\r\n"
    code = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}[data]
    (tmp_path / "a.lean").write_bytes(data + text.encode(code))
    (problem,) = read_suite(tmp_path / "a.lean").problems
    assert problem.statement == "theorem a (α : Nat) :\n  α = α"
    assert problem.informal == "für α"


def test_a_file_that_is_no_text_is_counted_apart_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "Good.lean").write_text("theorem a : 1 = 1 := rfl")
    (tmp_path / "Latin.lean").write_bytes(b"theorem b : 1 = \xfc := rfl")
    (tmp_path / "Nul.lean").write_bytes(b"theorem c\0 : 1 = 1 := rfl")
    suite = read_suite(tmp_path)
    assert [problem.name for problem in suite.problems] == ["a"]
    assert [(bad.name, bad.why) for bad in suite.unusable] == [
        ("Latin.lean", "byte 17 is no UTF-8"),
        ("Nul.lean", "character 10 is NUL"),
    ]


def test_what_lake_has_built_and_what_is_hidden_is_not_read(tmp_path: Path) -> None:
    for name in ("A.lean", "lakefile.lean", ".lake/packages/B.lean", ".hidden/C.lean", "build/D.lean"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"theorem {name[0].lower()}x : 1 = 1 := rfl")
    assert [problem.name for problem in read_suite(tmp_path).problems] == ["ax"]


@pytest.mark.slow
async def test_every_problem_of_a_file_with_everything_in_it_elaborates(tmp_path: Path, builder: Builder) -> None:
    """What Lean says of the problems' own texts, each a module; `sorry` is all that it warns of."""
    text = (Path(__file__).parent / "data" / "suites" / "book" / "First.lean").read_text()
    text += """
namespace Shapes
section
variable (n : Nat)
notation "two" => 2
structure Pair where
  first : Nat
  second : Nat
deriving Repr
instance : Inhabited Pair := ⟨1, 2⟩
theorem positive : 0 < two := by decide
def small : Fin two := ⟨0, positive⟩
mutual
def isEven : Nat → Bool | 0 => true | n + 1 => isOdd n
def isOdd : Nat → Bool | 0 => false | n + 1 => isEven n
end
@[simp] theorem even_two : isEven two = true := by simp [isEven, isOdd]
end
open List in
/-- Words. -/
theorem by_cases : ∀ n : Nat, length (replicate n two) = n
  | 0 => rfl
  | n + 1 => by simp
lemma named : even_two = even_two ∧ small.val = 0 := by decide
end Shapes
"""
    found = read(text)
    assert len(found) == 7
    (tmp_path / "prover.toml").touch()
    for number, problem in enumerate(found):
        assert isinstance(problem, Problem), problem
        (tmp_path / f"M{number}.lean").write_text(problem.text)
    build = await builder.build(tmp_path)
    assert len(build.modules) == 7
