"""The glance at the text: what it refuses, with the line, and that it never refuses what is honest."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.judge.lexical import objections, objections_to_body
from prover.lean.lexer import Sort, tokens
from prover.model import Reason

EXAMPLES = sorted((Path(__file__).parents[1] / "lean_project").rglob("*.lean"))
SOLUTIONS = tomllib.loads((Path(__file__).parent / "data" / "solutions" / "worked_example.toml").read_text())
TARGET = "theorem target : 1 = 1 := by\n  sorry\n"
HONEST = """import Init
/-- A doc comment: no axiom, no `sorry`. -/
inductive Proof : Nat → Prop where
  | axiom : Proof 0
  | elab (stop : Nat) : Proof stop

def note := s!"native_decide {1 + 1}" ++ r#"run_cmd "unsafe" "# -- initialize
def axiom' (sorry_free : Nat) := sorry_free
def «sorry» (c : Char) := c == 's' && c ≠ '"'
theorem ofReduceBool' : Proof 0 := .axiom
def length (start stop : Nat) : Nat :=
  stop - start
def size (r : Std.Range) := r.stop + (id r).stop
def init := [init, extern]
@[simp, reducible] theorem target : 1 = 1 := by
  set_option maxRecDepth 400 in
  first
  | decide
  | exact (fun fvar => rfl) (Term.fvar 1)
#eval 2 + 2
"""
WORDS = {
    "IO.println": Reason.CHANNEL,
    "IO.getEnv": Reason.SIDE_EFFECT,
    "set_option debug.byAsSorry true": Reason.SORRY,
    "sorry": Reason.SORRY,
    "sorryAx": Reason.SORRY,
    "_root_.sorryAx": Reason.SORRY,
    "by .sorry": Reason.SORRY,
    "by admit": Reason.SORRY,
    "axiom": Reason.AXIOM,
    "Lean.Declaration.axiomDecl": Reason.AXIOM,
    "native_decide": Reason.TRUST_COMPILER,
    "decide +native": Reason.TRUST_COMPILER,
    "Lean.ofReduceBool": Reason.TRUST_COMPILER,
    "ofReduceNat": Reason.TRUST_COMPILER,
    "Lean.trustCompiler": Reason.TRUST_COMPILER,
    "@[simp, implemented_by lie]": Reason.TRUST_COMPILER,
    "attribute [local extern] f": Reason.TRUST_COMPILER,
    "@[csimp]": Reason.TRUST_COMPILER,
    "set_option debug.skipKernelTC true": Reason.KERNEL,
    "set_option debug.moduleNameAtTimeout false": Reason.KERNEL,
    "debug.skipKernelTC.set": Reason.KERNEL,
    "env.addDeclCore": Reason.KERNEL,
    "Lean.Environment.addDeclWithoutChecking": Reason.KERNEL,
    "unsafe": Reason.HYGIENE,
    "unsafeCast": Reason.HYGIENE,
    "lcProof": Reason.HYGIENE,
    "Lean.Expr.fvar": Reason.HYGIENE,
    "open Lean in .mvar": Reason.HYGIENE,
    "initialize": Reason.SIDE_EFFECT,
    "@[init f]": Reason.SIDE_EFFECT,
    "@[export f]": Reason.SIDE_EFFECT,
    "run_cmd": Reason.SIDE_EFFECT,
    "run_tac": Reason.SIDE_EFFECT,
    "elab": Reason.SIDE_EFFECT,
    "IO.FS.writeFile": Reason.SIDE_EFFECT,
    "open IO.FS": Reason.SIDE_EFFECT,
    "IO.Process.spawn": Reason.SIDE_EFFECT,
    "System.FilePath.readDir": Reason.SIDE_EFFECT,
    "KeyedDeclsAttribute.addBuiltin": Reason.SIDE_EFFECT,
    "IO.Process.exit": Reason.CHANNEL,
    "IO.FS.Stream.putStr": Reason.CHANNEL,
    "IO.setStdout": Reason.CHANNEL,
    "open Lake": Reason.PROJECT_FILE,
    "require": Reason.PROJECT_FILE,
}
HONEST_BODIES = (
    ":= rfl",
    ":= by\n  let rec go (n : Nat) : n = n := rfl\n  exact go 1",
    ":= go 1\nwhere\n@[simp] go (n : Nat) : n = n := rfl",
    "\n| 0 => rfl\n| n + 1 => by\n  simp\ntermination_by n => n\ndecreasing_by\nall_goals omega",
    ":= by\nset_option maxRecDepth 400 in\nopen Nat in\nrfl",
    ":=\nhave : #[1].size = 1 := rfl\n@id _ <|\n#[1, 2].size_eq #v[1]\n#v[1, 2].size",
    ":= by\n  simp only [\n    Nat.add_comm\n]\n",
)
COMMANDS = (
    *("theorem evil : True := trivial", "@[simp] theorem evil : True := trivial", "instance : Inhabited Nat := ⟨1⟩"),
    *("end Foo", "namespace Foo", "open Foo", "set_option autoImplicit true", "#eval 1", "macro_rules | `(1) => `(2)"),
    *("private def x := 1", "attribute [simp] f", "variable (n : Nat)", 'local notation "x" => 1'),
)


def reasons(text: str, target: str = TARGET) -> list[Reason]:
    return [objection.reason for objection in objections(text, target)]


def test_an_objection_names_the_line_and_what_to_do_instead() -> None:
    text = "theorem target : 1 = 1 := by\n  have := 1\n\n  native_decide\n  native_decide\n"
    (objection,) = objections(text, TARGET)
    assert (objection.reason, objection.line) == (Reason.TRUST_COMPILER, 4)
    assert objection.text == "line 4: `native_decide` trusts the compiler; use `decide`, `omega` or `simp`"


def test_honest_text_with_the_same_words_in_other_roles_passes() -> None:
    assert objections(HONEST, TARGET) == []


@pytest.mark.parametrize(("word", "reason"), WORDS.items())
def test_a_forbidden_word_behind_honest_text_is_refused(word: str, reason: Reason) -> None:
    assert reason in reasons(f"{HONEST}\n{word}\n")
    assert reason in [objection.reason for objection in objections_to_body(f":= rfl\n{word}\n")]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_worked_example_passes_but_for_its_holes(path: Path) -> None:
    text = path.read_text()
    assert set(reasons(text, text)) <= {Reason.SORRY}


@pytest.mark.parametrize("body", SOLUTIONS.values(), ids=SOLUTIONS)
def test_the_proofs_of_the_worked_example_pass(body: str) -> None:
    assert objections_to_body(body) == []


@pytest.mark.parametrize("tactic", ["stop", "admit"])
@pytest.mark.parametrize("before", ["  ", "  · ", "  simp; ", "  try ", "  (", "  all_goals "])
def test_words_that_are_tactics_by_position_alone_are_refused_there(tactic: str, before: str) -> None:
    close = ")" if before.endswith("(") else ""
    assert reasons(f"theorem target : 1 = 1 := by\n{before}{tactic}{close}\n") == [Reason.SORRY]


@pytest.mark.parametrize(
    "use", ["fun stop =>\n  stop", "{ start := 1\n  stop := 2 }", "go (stop := 1)", "⟨stop, admit⟩"]
)
def test_variables_and_fields_may_be_called_like_those_tactics(use: str) -> None:
    assert objections(f"def f := {use}\n") == []


def test_what_the_target_has_itself_is_allowed_by_word_but_never_a_hole() -> None:
    target = 'import Lean\naxiom P : Prop\nelab "x" : term => return .fvar y\ndef answer : Prop := sorry\n' + TARGET
    assert reasons(target, target) == [Reason.SORRY]
    assert reasons(target.replace("sorry", "P") + "axiom Q : P\n", target) == []
    assert reasons(target.replace("sorry", "P") + "#eval IO.FS.readFile\n", target) == [Reason.SIDE_EFFECT]


@pytest.mark.parametrize(
    ("attempt", "target", "expected"),
    [
        ("import Lean\n", "", [Reason.IMPORTS]),
        ("import Init\n", "", []),
        ("", "import Lean\n", [Reason.IMPORTS]),
        ("prelude\n", "", [Reason.IMPORTS]),
        ("module\n", "", [Reason.IMPORTS]),
        ("", "module\n", [Reason.IMPORTS]),
        ("module\npublic import B\nimport A", "module -- as it is\nimport A\npublic import B", []),
        ("module\nimport A", "module\npublic import A", [Reason.IMPORTS, Reason.IMPORTS]),
        ("import Lake", "", [Reason.PROJECT_FILE]),
        ("/- import Lean -/ def importLean := 1", "", []),
    ],
)
def test_the_header_must_be_the_target_s(attempt: str, target: str, expected: list[Reason]) -> None:
    assert reasons(attempt, target) == expected


@pytest.mark.parametrize("body", HONEST_BODIES)
def test_a_body_may_use_the_first_column_for_what_belongs_to_it(body: str) -> None:
    assert objections_to_body(body) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_body_ends_where_its_declaration_ends(command: str) -> None:
    (objection,) = objections_to_body(f":= by\n  rfl\n\n{command}\n")
    assert (objection.reason, objection.line) == (Reason.SCOPE, 4)
    assert objections(f"theorem target : 1 = 1 := by\n  rfl\n\n{command}\n") == []  # in a file of its own it may


ANY_TEXT = st.text() | st.lists(
    st.sampled_from(
        [*WORDS, *COMMANDS, "\n", " ", ".", "«", "»", "/-", "-/", "--", '"', 's!"{', "'", "@[", "]", "open", "|"]
    )
).map("".join)


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_gets_an_answer(attempt: str, target: str) -> None:
    for objection in [*objections(attempt, target), *objections_to_body(attempt)]:
        assert 1 <= objection.line <= attempt.count("\n") + 1
        assert objection.text.startswith(f"line {objection.line}: ")


@given(st.sampled_from(sorted(WORDS)), st.integers(0), st.sampled_from(["/- {} -/", "-- {}\n", "/- /- {} -/ {} -/"]))
def test_a_forbidden_word_in_a_comment_changes_nothing(word: str, place: int, comment: str) -> None:
    ends = [token.end for token in tokens(HONEST) if token.sort is Sort.SPACE]
    at = ends[place % len(ends)]
    assert objections(f"{HONEST[:at]} {comment.replace('{}', word)} {HONEST[at:]}", TARGET) == []


@given(st.sampled_from(sorted(WORDS)), st.integers(0))
def test_a_forbidden_word_in_a_string_changes_nothing(word: str, place: int) -> None:
    strings = [token for token in tokens(HONEST) if token.sort in (Sort.STRING, Sort.DOC)]
    token = strings[place % len(strings)]
    at = token.start + 4
    assert objections(f"{HONEST[:at]} {word} {HONEST[at:]}", TARGET) == []
