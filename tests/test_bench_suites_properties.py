"""What holds of every suite: it is read as it was written, in whatever form; and no bytes do worse than be refused."""

import json
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from prover.bench.problem import Problem, Suite
from prover.bench.suites.reading import read_suite
from prover.errors import ConfigError

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=20).map(
    lambda text: " ".join(text.replace("-/", "").replace("/-", "").split()).strip("/-! ")
)
NAMES = st.from_regex(r"[a-z][a-z0-9_']{0,5}(\.[A-Z][a-z]{0,3})?", fullmatch=True).map(lambda name: f"t{name}")
TYPES = st.sampled_from(
    [
        " : 1 = 1",
        " (x : Nat) :\n  x = x",
        " {α : Type} [Inhabited α] (h : ∀ a : α, a = a := by simp) : True",
        " : (let y := 2; y) = 2 ∧ |(-1 : Int)| = 1",
        ' : "-/ theorem b : " = "/-"',
        " : ∃ f : Nat → Nat, f = fun | 0 => 1 | n + 1 => n",
        " : ∑ i ∈ range n, ⌊x i⌋₊ ≤ π",
    ]
)
HEADERS = st.sampled_from(["", "import Mathlib", "import Lean\nimport Std\n\nset_option maxHeartbeats 9\nopen Nat"])
PREAMBLES = st.sampled_from(
    ["", "@[simp] def two : Nat := 2", "namespace A", 'section\n\nvariable (n : Nat)\n\nlocal notation "№" => n']
)


@st.composite
def problems(draw: st.DrawFn) -> list[Problem]:
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    preamble = draw(PREAMBLES)
    inside = "A." if preamble == "namespace A" else ""
    header = draw(HEADERS)
    return [
        Problem(
            name=f"{inside}{name}",
            statement=f"theorem {name}{draw(TYPES)}",
            header=header,
            preamble=preamble,
            informal=draw(WORDS),
        )
        for name in names
    ]


def written(suite: list[Problem], form: str) -> str:
    if form == "lean":
        docs = [f"/-- {problem.informal} -/\n" if problem.informal else "" for problem in suite]
        stated = (f"{doc}{problem.statement} := by\n  sorry" for doc, problem in zip(docs, suite, strict=True))
        return "\n\n".join([suite[0].header, suite[0].preamble, *stated])
    records = [problem.as_json() for problem in suite]
    return json.dumps(records) if form == "json" else "\n".join(map(json.dumps, records))


def read(text: str | bytes, form: str) -> Suite:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"suite.{form}"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_suite(path)


@given(problems())
@settings(max_examples=12)
def test_what_was_written_is_read_in_each_form(suite: list[Problem]) -> None:
    for form in ("lean", "json", "jsonl"):
        found = read(written(suite, form), form)
        assert not found.unusable
        assert [(p.name, p.digest, p.informal) for p in found.problems] == [
            (p.name, p.digest, p.informal) for p in suite
        ]


@given(problems())
@settings(max_examples=6)
def test_the_digest_of_a_suite_does_not_depend_on_the_order(suite: list[Problem]) -> None:
    turned = list(reversed(suite))
    assert read(written(suite, "jsonl"), "jsonl").digest == read(written(turned, "json"), "json").digest


@given(problems())
@settings(max_examples=6)
def test_reading_again_what_was_read_changes_nothing(suite: list[Problem]) -> None:
    once = read(written(suite, "lean"), "lean")
    again = read(written(list(once.problems), "jsonl"), "jsonl")
    assert [p.digest for p in again.problems] == [p.digest for p in once.problems]


PIECES = st.lists(
    st.sampled_from(
        [
            *(b"theorem a", b" : 1 = 1", b" := by", b"\n", b"/-- ", b" -/", b"/-", b"end", b"namespace A", b"section"),
            *(
                b"def x := sorry\n-- 2\n",
                b"lemma ",
                b"import Mathlib",
                b"open Nat in",
                b'"',
                b"(",
                b"]",
                b"\xff",
                b"\0",
            ),
            *(
                b'{"formal_statement": "',
                b'"}',
                b"[",
                b",",
                b"\\ud800",
                b"\xef\xbb\xbf",
                b"\xff\xfe",
                b"mutual",
                b"example",
            ),
        ]
    ),
    max_size=12,
).map(b"".join)


@given(st.binary(max_size=60) | PIECES, st.sampled_from(["lean", "json", "jsonl"]))
@settings(max_examples=100)
@example(b"\xff\xfe\0", "jsonl")
@example(b"\xff\xfe\x00\xd8", "json")
@example(b"theorem a := by", "lean")
def test_whatever_the_bytes_are_nothing_but_a_refusal_is_raised(data: bytes, form: str) -> None:
    with suppress(ConfigError):
        suite = read(data, form)
        assert suite.problems
        assert all("\n" not in bad.why for bad in suite.unusable)
        assert len({problem.name for problem in suite.problems}) == len(suite.problems)
