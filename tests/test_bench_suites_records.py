"""Records of JSON suites: fields that are wrong, names given twice, odd encodings, and files of any size."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from prover.bench.problem import Suite, Truth
from prover.bench.suites.reading import read_suite
from prover.bench.suites.text import LIMIT
from prover.errors import ConfigError

GOOD = {"name": "good", "formal_statement": "theorem good : 1 = 1 := by sorry"}


def suite_of(folder: Path, *records: Any, array: bool = False) -> Suite:
    if array:
        path = folder / "suite.json"
        path.write_text(json.dumps(records), encoding="utf-8")
    else:
        path = folder / "suite.jsonl"
        path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return read_suite(path)


@pytest.mark.parametrize("array", [False, True])
@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"name": "a"}, "it has no statement: no such field"),
        ({"name": "a", "formal_statement": "  "}, "it has no statement: formal_statement"),
        ({"name": "a", "formal_statement": None}, "it has no statement: formal_statement"),
        ({"name": "a", "formal_statement": 3}, "its field `formal_statement` is int, not a text"),
        ({"name": "a", "formal_statement": ["theorem a : 1 = 1"]}, "`formal_statement` is list"),
        ({"name": {"a": 1}, "formal_statement": "theorem a : 1 = 1"}, "`name` is dict"),
        ({"name": "a", "formal_statement": "theorem a : 1 = 1", "header": 1}, "`header` is int"),
        ({"name": "a", "formal_statement": "def a : Nat := 1"}, "it states no theorem"),
        ({"name": "a", "formal_statement": "theorem a : 1 = 1 := rfl\ntheorem b : 1 = 1 := rfl"}, "2 theorems"),
        ({"name": "a", "formal_statement": "example : 1 = 1 := rfl"}, "an `example` without a name"),
        ({"name": "a", "formal_statement": "theorem a /- b : 1 = 1"}, "a comment that is never closed"),
        ({"name": "a", "formal_statement": "theorem a (x : 1 = 1"}, "it has no `:=`"),
        ({"name": "a", "formal_statement": "theorem a : '\0' = 'b'"}, "character 14 is NUL"),
        ({"name": "a", "formal_statement": "theorem a : \ud835 = 1"}, "half of a surrogate pair"),
        ({"name": "a", "formal_statement": f"theorem a : {'x' * (1 << 18)}"}, "its Lean text has 262156 characters"),
        ([1, 2], "it is no JSON object"),
        ("theorem a : 1 = 1", "it is no JSON object"),
    ],
)
def test_a_record_that_cannot_be_used_is_counted_apart(tmp_path: Path, array: bool, record: Any, said: str) -> None:
    suite = suite_of(tmp_path, GOOD, record, array=array)
    assert [problem.name for problem in suite.problems] == ["good"]
    (bad,) = suite.unusable
    assert said in bad.why
    assert "\n" not in bad.why
    assert bad.source == ("suite.json:1" if array else "suite.jsonl:2")
    assert bad.name == "a" or bad.name == bad.source


@pytest.mark.parametrize(
    "end", ["", " :=", " := by\n", " := by", " := sorry", " := by sorry", "\n:= by\n  sorry", " -- why"]
)
def test_a_statement_may_end_in_whatever_way_publishers_end_it(tmp_path: Path, end: str) -> None:
    (problem,) = suite_of(tmp_path, {"name": "a", "formal_statement": f"theorem a (x : Nat) :\n  x = x{end}"}).problems
    assert problem.statement == "theorem a (x : Nat) :\n  x = x"


def test_the_words_come_without_the_marks_of_a_comment(tmp_path: Path) -> None:
    given = {"informal_prefix": "/-- In words.-/\n", "formal_statement": "/-- Other words -/\ntheorem a : 1 = 1"}
    (problem,) = suite_of(tmp_path, given).problems
    assert problem.informal == "In words."
    assert problem.statement == "theorem a : 1 = 1"


def test_other_fields_are_read_as_what_they_are(tmp_path: Path) -> None:
    given = {"id": 7, "level": 3, "subject": ["algebra", "order"], "truth": "false", "statement": "theorem a : 1 = 2"}
    (problem,) = suite_of(tmp_path, given).problems
    assert (problem.level, problem.domain, problem.truth) == ("3", "algebra, order", Truth.FALSE)
    assert problem.source == "suite.jsonl:1 (7)"


def test_a_record_is_called_as_its_theorem_is(tmp_path: Path) -> None:
    (problem,) = suite_of(tmp_path, {"name": "p7", "formal_statement": "namespace A\ntheorem a : 1 = 1"}).problems
    assert (problem.name, problem.source) == ("A.a", "suite.jsonl:1 (p7)")


def test_a_statement_given_twice_is_read_once_and_another_one_gets_a_number(tmp_path: Path) -> None:
    texts = ["theorem a : 1 = 1", "theorem a : 2 = 2", "theorem a : 1 = 1", "theorem a_2 : 3 = 3", "theorem a : 2 = 2"]
    texts += ["theorem «b c» : 1 = 1", "theorem «b c» : 2 = 2", "theorem N.a : 4 = 4"]
    suite = suite_of(tmp_path, *({"formal_statement": text} for text in texts))
    assert [(problem.name, problem.statement) for problem in suite.problems] == [
        ("a", "theorem a : 1 = 1"),
        ("a_2", "theorem a_2 : 2 = 2"),
        ("a_2_2", "theorem a_2_2 : 3 = 3"),
        ("«b c»", "theorem «b c» : 1 = 1"),
        ("«b c_2»", "theorem «b c_2» : 2 = 2"),
        ("N.a", "theorem N.a : 4 = 4"),
    ]
    assert "statement given again under the same name, read once: 2" in suite.notes
    assert "name given again to another statement, which is a_2 now: 1" in suite.notes


def test_a_line_that_is_no_json_costs_only_itself(tmp_path: Path) -> None:
    good = json.dumps(GOOD).encode()
    lines = [
        b"{",
        b'{"formal_statement": "theorem b : \xfc = 1"}',
        b"[" * 100_000,
        b'{"id": ' + b"9" * 5000 + b"}",
        b"",
        good,
    ]
    (tmp_path / "a.jsonl").write_bytes(b"\r\n".join(lines))
    suite = read_suite(tmp_path / "a.jsonl")
    assert [problem.name for problem in suite.problems] == ["good"]
    assert [bad.source for bad in suite.unusable] == ["a.jsonl:1", "a.jsonl:2", "a.jsonl:3", "a.jsonl:4"]
    assert "byte 35 of the line is no UTF-8" in suite.unusable[1].why
    assert all("\n" not in bad.why for bad in suite.unusable)


def test_a_line_that_is_too_long_is_counted_apart(tmp_path: Path) -> None:
    long = json.dumps({"formal_statement": "theorem long : 1 = 1", "proof": "x" * LIMIT})
    (tmp_path / "a.jsonl").write_text(f"{long}\n{json.dumps(GOOD)}\n{long}")
    suite = read_suite(tmp_path / "a.jsonl")
    assert [problem.name for problem in suite.problems] == ["good"]
    assert [bad.why for bad in suite.unusable] == ["the line is longer than 4 MiB"] * 2


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_marks_and_sixteen_bits_change_nothing(tmp_path: Path, code: str, name: str) -> None:
    records = [
        {"formal_statement": f"theorem a{n} (α 𝔸 : Nat) :\r\n  α = {n}", "words": "ä" * 50_000} for n in range(30)
    ]
    dumped = (json.dumps(record, ensure_ascii=False) for record in records)
    text = "\r\n".join(dumped) if name == "a.jsonl" else json.dumps(records, ensure_ascii=False, indent=1)
    mark = b"\xfe\xff" if code == "utf-16-be" else b""
    (tmp_path / name).write_bytes(mark + text.encode(code))
    suite = read_suite(tmp_path / name)
    assert [problem.statement for problem in suite.problems] == [
        f"theorem a{n} (α 𝔸 : Nat) :\n  α = {n}" for n in range(30)
    ]
    assert not suite.unusable


def test_a_half_pair_of_sixteen_bits_costs_only_its_record(tmp_path: Path) -> None:
    lines = [json.dumps(GOOD), '{"formal_statement": "theorem b : X = 1"}']
    text = "\n".join(lines).encode("utf-16-le").replace(b"X\0", b"\0\xd8")
    (tmp_path / "a.jsonl").write_bytes(b"\xff\xfe" + text)
    suite = read_suite(tmp_path / "a.jsonl")
    assert [problem.name for problem in suite.problems] == ["good"]
    assert "no UTF-8" in suite.unusable[0].why


def test_a_byte_that_is_no_text_in_an_array_costs_only_its_record(tmp_path: Path) -> None:
    bad = b'{"name": "b", "formal_statement": "theorem b : \xfc = 1"}'
    (tmp_path / "a.json").write_bytes(b"[" + bad + b",\n" + json.dumps(GOOD).encode() + b"]")
    suite = read_suite(tmp_path / "a.json")
    assert [problem.name for problem in suite.problems] == ["good"]
    assert [(found.name, found.source) for found in suite.unusable] == [("b", "a.json:1")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"formal_statement": "theorem a : 1 = 1"}', "breaks off in line 1"),
        ('[{"formal_statement": "theorem a : 1 = 1"}\n{"a": 1}]', "breaks off in line 2"),
        ('[{"formal_statement": "theorem a : 1 = 1"},\n{"a": }]', "in the record of line 2"),
        ("[" * 100_000, "no JSON"),
        ('[{"id": ' + "9" * 5000 + "}]", "no JSON"),
        ("[12, 3", "breaks off"),
        ("[", "no JSON"),
        ("[]", "has no statement that can be used"),
        ("{\n}", "has no statement that can be used"),
        ('{"a": 1}', "no record of .* has a statement; its fields are 'a'"),
    ],
)
def test_an_array_that_breaks_off_or_has_no_statements_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(ConfigError, match=said) as raised:
        read_suite(tmp_path / "a.json")
    assert "\n" not in str(raised.value)


def test_a_lean_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.lean").write_bytes(b" " * (LIMIT + 1))
    with pytest.raises(ConfigError, match="larger than 4 MiB"):
        read_suite(tmp_path / "a.lean")


MEASURE = """
import resource, sys
from pathlib import Path
from prover.bench.suites.reading import read_suite
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
suite = read_suite(Path(sys.argv[1]))
print(len(suite.problems), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
@pytest.mark.parametrize("array", [False, True])
def test_a_hundred_megabytes_need_no_more_memory_than_their_statements(tmp_path: Path, array: bool) -> None:
    path = tmp_path / ("large.json" if array else "large.jsonl")
    filler = "In words, and at length. " * 800
    with path.open("w") as file:
        for number in range(5_000):
            start = ("[" if number == 0 else ",\n") if array else ("" if number == 0 else "\n")
            statement = f"theorem a{number} (x : Nat) (h : x = {number}) : x + 0 = {number} := by sorry"
            file.write(start + json.dumps({"formal_statement": statement, "formal_proof": filler}))
        file.write("]" if array else "")
    assert path.stat().st_size > 100_000_000
    words = [sys.executable, "-c", MEASURE, str(path)]
    done = subprocess.run(words, capture_output=True, timeout=280, check=True, text=True)
    count, kilobytes = map(int, done.stdout.split())
    assert count == 5_000
    assert kilobytes < 100_000
