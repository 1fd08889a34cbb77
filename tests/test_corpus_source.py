"""A LeanDojo corpus as a further source of premises."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from prover.errors import ConfigError
from prover.example import template
from prover.lean.build import Builder
from prover.model import Kind
from prover.project import Surveyor
from prover.search import library
from prover.search.corpus import premises
from prover.search.index import Index

LINES: list[dict[str, Any]] = [
    {
        "path": ".lake/packages/mathlib/Mathlib/Order/Basic.lean",
        "imports": ["Mathlib/Logic/Basic.lean"],
        "premises": [
            {
                "full_name": "le_antisymm_iff",
                "code": "theorem le_antisymm_iff [PartialOrder α] {a b : α} :\n    a = b ↔ a ≤ b ∧ b ≤ a",
                "start": [10, 1],
                "end": [11, 40],
                "kind": "commanddeclaration",
            },
            {"full_name": None, "code": "end", "start": [12, 1], "end": [12, 4], "kind": "commandend"},
        ],
    },
    {
        "path": ".lake/packages/lean4/src/lean/Init/Core.lean",
        "imports": [],
        "premises": [
            {
                "full_name": "[Tree, Forest]",
                "code": "mutual\ninductive Tree | node : Forest → Tree\ninductive Forest | nil\nend",
                "start": [1, 1],
                "end": [4, 4],
                "kind": "commandmutual",
            },
            {
                "full_name": "user__.n.foo",
                "code": "instance : Inhabited Nat := ⟨0⟩",
                "start": [5, 1],
                "end": [5, 32],
                "kind": "commanddeclaration",
            },
        ],
    },
]

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes lines, as JSON where they are no text, into a corpus."""

    def corpus(*lines: object) -> Path:
        path = tmp_path / "corpus.jsonl"
        texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
        path.write_text("\n".join(texts) + "\n", encoding="utf-8")
        return path

    return corpus


def test_names_modules_kinds_and_code_are_read(write: Write) -> None:
    found = [(entry.name, entry.module, entry.kind) for entry in premises(write(*LINES))]
    assert found == [
        ("le_antisymm_iff", "Mathlib.Order.Basic", Kind.THEOREM),
        ("Tree", "Init.Core", Kind.INDUCTIVE),
        ("Forest", "Init.Core", Kind.INDUCTIVE),
    ]


def test_a_statement_is_on_one_line_and_its_notation_is_understood(write: Write) -> None:
    first = next(premises(write(*LINES)))
    assert first.type == "theorem le_antisymm_iff [PartialOrder α] {a b : α} : a = b ↔ a ≤ b ∧ b ≤ a"
    assert {"PartialOrder", "Eq", "Iff", "And", "LE.le"} <= first.uses


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("{", "JSON"),
        ("[]", "object"),
        ({"path": "A.lean", "imports": []}, "premises"),
        ({**LINES[0], "premises": [{"full_name": 3}]}, r"premises\.0\.full_name"),
        ({**LINES[0], "path": None}, "path"),
    ],
)
async def test_a_malformed_line_is_named_by_its_number(write: Write, tmp_path: Path, line: object, wrong: str) -> None:
    corpus = write(LINES[0], "", line)
    with pytest.raises(ConfigError, match=rf"corpus\.jsonl:3: .*{wrong}") as caught:
        list(premises(corpus))
    assert "\n" not in str(caught.value)
    assert "LeanDojo" in caught.value.remedy


async def test_a_corpus_that_is_none_is_said_where_it_is_searched(write: Write, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"corpus\.jsonl:2: "):
        await library.shelf(write(LINES[0], "{"), tmp_path / "store")
    with pytest.raises(ConfigError, match="cannot be read"):
        await library.shelf(tmp_path / "nowhere.jsonl", tmp_path / "store")


@pytest.fixture
async def index(write: Write, tmp_path: Path) -> AsyncIterator[Index]:
    found = Index([], [await library.shelf(write(*LINES), tmp_path / "store")])
    yield found
    found.close()


async def test_a_premise_of_a_module_that_is_not_compiled_is_found_and_cannot_be_imported(
    index: Index, builder: Builder
) -> None:
    searcher = index.at(await Surveyor(builder).survey(template()))
    for query in ("antisymm_iff", "le antisymm", "a = b ↔ a ≤ b ∧ b ≤ a"):
        found = {premise.name: premise for premise in searcher.find(query, 20)}
        assert not found["le_antisymm_iff"].importable
        assert found["le_antisymm_iff"].proved
