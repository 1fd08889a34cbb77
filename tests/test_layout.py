"""The layout of any text: what always holds, what printed proofs must give, how long it takes, and that the real Lean
agrees on where blocks end.
"""

import re
import time
import tomllib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.leantext import commands
from agents.repair.blocks import Block, Sort
from agents.repair.layout import parse
from prover.lean.lexer import tokens
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain

TESTS = Path(__file__).parent
BODY, TERM, SEQUENCE, TACTIC, ARM, STEP = Sort


def check(body: str) -> None:
    """Blocks lie one inside the other, in order, from token to token; none is as deep as Python's stack."""
    layout = parse(body)
    starts = {token.start for token in tokens(body) if token.significant} | {0}
    ends = {token.end for token in tokens(body) if token.significant} | {0}
    deep = {id(layout): 0}
    for block in layout.walk():
        assert block.end in ends
        assert block.start in starts or block.start == block.end
        assert block.opens < block.start or (block.opens, block.start) == (-1, 0)
        at = block.start
        for part in block.parts:
            assert at <= part.start <= part.end <= block.end
            at, deep[id(part)] = part.end, deep[id(block)] + 1
    assert max(deep.values()) <= 200


WORDS = [
    *("by", ":=", "=>", "|", "·", ".", "(", ")", "[", "]", "{", "}", "⟨", "⟩", ",", ";", "<;>", "<|>", "with", "match"),
    *(
        "cases",
        "induction",
        "have",
        "let",
        "show",
        "from",
        "suffices",
        "if",
        "then",
        "else",
        "fun",
        "calc",
        "_",
        "first",
    ),
    *("try", "all_goals", "case", "next", "where", "termination_by", "decreasing_by", "conv", "do", "set_option", "in"),
    *("=", "simp", "h", "0", "iterate", "/-", "-/", "--", '"', "«", "\n", "\n  ", "\n    ", "\n   ", "\n\t"),
]
GARBAGE = st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=60).map(" ".join)


@given(GARBAGE)
def test_any_text_has_a_layout(body: str) -> None:
    check(body)
    check(":= by\n" + body)


@given(GARBAGE)
def test_space_at_the_end_changes_nothing(body: str) -> None:
    quiet = body.replace("-", "").replace('"', "").replace("«", "")
    assert parse(quiet) == parse(quiet + "\n  \n") == parse(quiet + "\n-- a remark")


class Tree(NamedTuple):
    """What a layout should be: the sort, the word and the parts of a block."""

    sort: Sort
    word: str
    parts: tuple["Tree", ...] = ()


Printed = tuple[list[str], Tree]  # the lines of a tactic, from its first column on


def indented(lines: list[str], by: int) -> list[str]:
    return [" " * by + line for line in lines]


@st.composite
def sequences(draw: st.DrawFn, inner: st.SearchStrategy[Printed], word: str) -> Printed:
    items = draw(st.lists(inner, min_size=1, max_size=3))
    lines: list[str] = []
    for text, _ in items:
        lines += text if draw(st.booleans()) else ["-- a remark (with a bracket", *text]
    return lines, Tree(SEQUENCE, word, tuple(tree for _, tree in items))


def behind(head: str, printed: Printed, by: int = 2) -> tuple[list[str], Tree]:
    lines, tree = printed
    return [head, *indented(lines, by)], tree


def nested(inner: st.SearchStrategy[Printed]) -> st.SearchStrategy[Printed]:
    """Tactics with sequences of such tactics inside."""

    def one(head: str, word: str, opens: str, by: int = 2) -> st.SearchStrategy[Printed]:
        def build(printed: Printed) -> Printed:
            lines, tree = behind(head, printed, by)
            return lines, Tree(TACTIC, word, (tree,))

        return sequences(inner, opens).map(build)

    def bullet(printed: Printed) -> Printed:
        lines, tree = printed
        text = indented(lines, 2)
        first = next(number for number, line in enumerate(text) if not line.startswith("  --"))
        text[first] = "· " + text[first][2:] if first == 0 else text[first]
        return (text if first == 0 else ["·", *text]), Tree(TACTIC, "·", (tree,))

    def arms(printed: list[Printed]) -> Printed:
        lines, trees = ["induction n generalizing m with"], []
        for number, part in enumerate(printed):
            text, tree = behind(f"| case{number} a b =>", part)
            lines += text
            trees.append(Tree(ARM, "|", (tree,)))
        return lines, Tree(TACTIC, "induction", tuple(trees))

    def steps(printed: list[Printed]) -> Printed:
        lines, trees = ["calc a"], [Tree(STEP, "a")]
        for part in printed:
            text, tree = behind("_ = f (b, c) := by", part)
            lines += indented(text, 4)
            trees.append(Tree(STEP, "_", (tree,)))
        return lines, Tree(TACTIC, "calc", tuple(trees))

    def pair(first: Printed, second: Printed) -> Printed:
        left, right = behind("refine ⟨by", first, 4), behind("fun x => by", second, 4)
        lines = [*left[0][:-1], left[0][-1] + ",", *indented(right[0][:-1], 2), "  " + right[0][-1] + "⟩"]
        return lines, Tree(TACTIC, "refine", (left[1], right[1]))

    return st.one_of(
        one("have h : a = b := by", "have", "by"),
        one("show a = b from by -- a remark", "show", "by", 4),
        one("case inl x _ =>", "case", "=>"),
        one("all_goals", "all_goals", "all_goals"),
        sequences(inner, "·").map(bullet),
        st.lists(sequences(inner, "=>"), min_size=1, max_size=3).map(arms),
        st.lists(sequences(inner, "by"), min_size=1, max_size=2).map(steps),
        st.tuples(sequences(inner, "by"), sequences(inner, "by")).map(lambda both: pair(*both)),
    )


def plain(text: str, *parts: Tree) -> Printed:
    return text.split("\n"), Tree(TACTIC, re.split(r"(?<=\()|\s", text)[0], parts)


def small(word: str) -> Tree:
    return Tree(TACTIC, word)


PLAIN = st.sampled_from(
    [
        plain("simp only [foo, ← bar] at h ⊢"),
        plain("exact foo (bar x)\n  y /- a remark\n  that is long -/ z"),
        plain("cases h <;> simp_all"),
        plain("rcases h with ⟨x, hx⟩ | h"),
        plain("have h : T :=\n  foo |>.bar", Tree(TERM, ":=")),
        plain("have h : T := by simp; rfl", Tree(SEQUENCE, "by", (small("simp"), small("rfl")))),
        plain("rw [show a = b by omega]", Tree(SEQUENCE, "by", (small("omega"),))),
        plain("first | rfl | omega", Tree(SEQUENCE, "|", (small("rfl"),)), Tree(SEQUENCE, "|", (small("omega"),))),
        plain("(intro x; rfl)", Tree(SEQUENCE, "(", (small("intro"), small("rfl")))),
    ]
)


@settings(max_examples=60)
@given(sequences(st.recursive(PLAIN, nested, max_leaves=12), "by"), st.integers(0, 4))
def test_the_layout_of_a_proof_is_the_structure_that_it_was_printed_from(printed: Printed, by: int) -> None:
    def seen(block: Block) -> Tree:
        return Tree(block.sort, block.word, tuple(map(seen, block.parts)))

    lines, tree = printed
    body = "\n".join([":= by", *indented(lines, by)])
    assert seen(parse(body)) == Tree(BODY, "", (tree,))
    check(body)


@pytest.mark.parametrize(
    "body",
    [
        ":= by\n" + "  have h : a = b := by\n    simp [foo]\n    omega\n  · rw [h]; exact foo (bar baz)\n" * 1250,
        "(" * 10_000,
        ":= " + "(by " * 10_000 + ")" * 10_000,
        ":= by " + "match " * 10_000,
        ":= by\n" + "  if a then\n" * 5000,
        ":= by first " + "| simp " * 5000,
        ":=\n" + " have x :=\n" * 5000,
    ],
    ids=["5,000 lines", "open brackets", "nested by", "match", "if", "first", "have"],
)
def test_long_and_deep_texts_are_read_in_seconds_of_the_processor_at_most(body: str) -> None:
    start = time.process_time()
    layout = parse(body)
    assert time.process_time() - start < 3
    assert layout.end == len(body.rstrip())


def proofs() -> Iterator[str]:
    """The bodies of all proofs that this repository has."""
    folders = (TESTS / "soundness" / "honest", TESTS.parent / "lean_project" / "Numbers")
    for path in sorted(path for folder in folders for path in folder.glob("*.lean")):
        for command in commands(path.read_text(encoding="utf-8")):
            if command.keyword in ("theorem", "lemma", "example", "def") and not re.search("macro|notation", path.name):
                yield command.body
    yield from tomllib.loads((TESTS / "data" / "solutions" / "worked_example.toml").read_text("utf-8")).values()


def with_holes() -> Iterator[str]:
    """Every term in which `sorry` stands for one block, of all proofs that are nothing but a term."""
    for body in proofs():
        if body.startswith(":=") and not re.search(r"\b(?:where|termination_by|decreasing_by)\b", body):
            for block in parse(body).walk():
                if block.sort in (TERM, SEQUENCE, TACTIC):
                    yield body[2 : block.start] + "sorry" + body[block.end :]


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


async def unread(pool: LeanPool, terms: list[str]) -> list[str]:
    """What Lean cannot read of the terms; it elaborates nothing."""
    reads = 'macro "reads " t:term : command => `(command| open Nat)\n'
    check = await pool.check(reads + "".join(f"reads {term}\n" for term in terms), timeout=300)
    return [f"{error.start.line}: {error.text}" for error in check.errors]


async def test_lean_reads_what_is_left_when_a_block_becomes_a_hole(pool: LeanPool) -> None:
    assert await unread(pool, list(with_holes())[::50]) == []
    assert await unread(pool, [" by simp sorry)", " by\n  simp\n   omega"]) != []  # so it would say


@pytest.mark.slow
async def test_lean_reads_what_is_left_when_any_block_becomes_a_hole(pool: LeanPool) -> None:
    assert await unread(pool, list(with_holes())) == []
