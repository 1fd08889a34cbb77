"""Lean text: no token is lost, headers end where they end, and a declaration's slot is its own."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.errors import SlotError
from prover.lean.lexer import Sort, tokens
from prover.lean.source import find_slot, imports, offset, position, split_header
from prover.model import Position, Slot

START = Position(0, 0)
fragments = st.sampled_from(
    [
        *("/-", "-/", "/--", "--", "\n", " ", '"', 's!"', "{", "}", "\\", 'r#"', '"#', "'", "'a'", "«", "»", "«a b»"),
        *("theorem", "foo.bar'", "x₁", "λ", "Σ", "𝔸", ":=", "=>", "|", "1.5", "0xFF", "(", ")", "⟨", "⟩", "let", ".1"),
    ]
)
texts = st.text() | st.lists(fragments).map("".join)


def lexed(text: str) -> list[tuple[Sort, str]]:
    return [(token.sort, token.text) for token in tokens(text) if token.sort is not Sort.SPACE]


@given(texts)
def test_tokens_follow_each_other_and_lose_nothing(text: str) -> None:
    found = list(tokens(text))
    assert "".join(token.text for token in found) == text
    assert all(left.end == right.start for left, right in pairwise(found))
    assert all(token.start < token.end for token in found)


@given(texts)
def test_header_and_rest_are_the_text(text: str) -> None:
    assert "".join(split_header(text)) == text


@given(texts, st.data())
def test_positions_and_offsets_are_inverse(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    assert offset(text, position(text, at)) == at


@given(st.lists(st.sampled_from(["theorem", "foo.bar'", "«a b»", ":=", "|", "(", "1.5", "'a'", '"a"', 'r#"a"#', "λ"])))
def test_comments_between_tokens_change_no_other_token(words: list[str]) -> None:
    commented = lexed(" /- x := /- y -/ -/ ".join(words) + " -- z")
    assert [token for token in commented if token[0] is not Sort.COMMENT] == lexed(" ".join(words))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/- a /- b -/ c -/x", [(Sort.COMMENT, "/- a /- b -/ c -/"), (Sort.NAME, "x")]),
        ("/-- d -/x", [(Sort.DOC, "/-- d -/"), (Sort.NAME, "x")]),
        ("-- := -/\nx", [(Sort.COMMENT, "-- := -/"), (Sort.NAME, "x")]),
        (r'"a\"b"x', [(Sort.STRING, r'"a\"b"'), (Sort.NAME, "x")]),
        ('r"\\"x', [(Sort.STRING, 'r"\\"'), (Sort.NAME, "x")]),
        ('r#"a"b"#x', [(Sort.STRING, 'r#"a"b"#'), (Sort.NAME, "x")]),
        ("rr x", [(Sort.NAME, "rr"), (Sort.NAME, "x")]),
        ('s!"{f "}" s!"{1}"} \\{"x', [(Sort.NAME, "s!"), (Sort.STRING, '"{f "}" s!"{1}"} \\{"'), (Sort.NAME, "x")]),
        ("'a' x'", [(Sort.CHAR, "'a'"), (Sort.NAME, "x'")]),
        (r"'\'' '\x41' '\u{3b1}'"[:12], [(Sort.CHAR, r"'\''"), (Sort.CHAR, r"'\x41'")]),
        ("f ⁻¹' s' t", [(Sort.NAME, "f"), *[(Sort.SYMBOL, s) for s in "⁻¹'"], (Sort.NAME, "s'"), (Sort.NAME, "t")]),
        ("«a. b».c!?", [(Sort.NAME, "«a. b».c!?")]),
        ("x.1.2", [(Sort.NAME, "x"), (Sort.SYMBOL, "."), (Sort.NUMBER, "1.2")]),
        ("0xFF+1_000.5", [(Sort.NUMBER, "0xFF"), (Sort.SYMBOL, "+"), (Sort.NUMBER, "1_000.5")]),
        ("αβ.x₁ λx", [(Sort.NAME, "αβ.x₁"), (Sort.SYMBOL, "λ"), (Sort.NAME, "x")]),
        ("a:=b", [(Sort.NAME, "a"), (Sort.SYMBOL, ":="), (Sort.NAME, "b")]),
        ("a|||b|>.c<|>", [*zip([Sort.NAME, Sort.SYMBOL] * 3, ["a", "|||", "b", "|>.", "c", "<|>"], strict=True)]),
    ],
)
def test_lean_is_read_as_lean_reads_it(text: str, expected: list[tuple[Sort, str]]) -> None:
    assert lexed(text) == expected


HEADER = (
    "-- first\nmodule\nprelude\n/- x /- import No -/ -/ public import A.B\nimport all C\npublic meta import «d e».F"
)


def test_a_header_ends_with_its_last_import() -> None:
    rest = "\n\n/-! import No -/\nimport Late\n"
    assert split_header(HEADER + rest) == (HEADER, rest)
    assert split_header("theorem x : 1 = 1 := rfl")[0] == ""
    assert split_header("module\n\npublic section\n") == ("module", "\n\npublic section\n")


def test_imports_are_named_as_paths_are() -> None:
    assert imports(HEADER) == ("A.B", "C", "d e.F")
    assert imports(HEADER, whole=True) == ("C",)
    assert imports('"import A" -- import B') == ()


def parts(slot: Slot) -> tuple[str, str, str]:
    return slot.source[slice(*slot.name)], slot.statement, slot.source[slice(*slot.body)]


@pytest.mark.parametrize(
    ("command", "name", "statement", "body"),
    [
        ("theorem foo : 1 = 1 := rfl", "foo", ": 1 = 1", ":= rfl"),
        ("/-- := -/ @[simp, grind =] private theorem A.foo.{u} : T := t", "A.foo", ".{u} : T", ":= t"),
        ("theorem foo (h : a = b := by simp) : T := t", "foo", "(h : a = b := by simp) : T", ":= t"),
        ("theorem foo : let x := 5; have := y; x = 5 := t", "foo", ": let x := 5; have := y; x = 5", ":= t"),
        ("theorem foo : f { x := 1 } = [a | b := c] := t", "foo", ": f { x := 1 } = [a | b := c]", ":= t"),
        ("theorem foo : ∀ x, (fun y => y) x = x := by\n  simp", "foo", ": ∀ x, (fun y => y) x = x", ":= by\n  simp"),
        ("theorem foo : |x| ≤ |f fun y => y| := t", "foo", ": |x| ≤ |f fun y => y|", ":= t"),
        ("theorem foo : match n with | 0 => A | _ => B := t", "foo", ": match n with | 0 => A | _ => B", ":= t"),
        ('theorem foo : ":=" = s!"{f ":="}" := t', "foo", ': ":=" = s!"{f ":="}"', ":= t"),
        ("def foo : Nat → Nat\n  | 0 => 1\n  | n + 1 => n\ntermination_by n => n", "foo", ": Nat → Nat",
         "| 0 => 1\n  | n + 1 => n\ntermination_by n => n"),
        ("def foo : |x| ≤ y → T\n  | h => t", "foo", ": |x| ≤ y → T", "| h => t"),
        ("theorem foo : P fun x => x\n  | h => t", "foo", ": P fun x => x", "| h => t"),
        ("noncomputable def foo : S where\n  x := 1", "foo", ": S", "where\n  x := 1"),
        ("instance (priority := low) foo : C where x := 1", "foo", ": C", "where x := 1"),
        ("instance : C := ⟨1⟩", "", ": C", ":= ⟨1⟩"),
        ("theorem «a b».foo : T := t", "«a b».foo", ": T", ":= t"),
        ("theorem _root_.foo : T := t", "_root_.foo", ": T", ":= t"),
        ("theorem foo : T := t -- and so on\n/- more -/\n", "foo", ": T", ":= t"),
        ("theorem foo : T := t\nwhere\n  go : U := u", "foo", ": T", ":= t\nwhere\n  go : U := u"),
        ("theorem\n  foo -- := no\n  : T\n  := t", "foo", "-- := no\n  : T", ":= t"),
    ],
)  # fmt: skip
def test_a_body_starts_at_the_declarations_own_sign(command: str, name: str, statement: str, body: str) -> None:
    full = name.removeprefix("_root_.") or "instC"
    assert parts(find_slot(command, START, full)) == (name, statement, body)
    assert (
        parts(find_slot("é𝔸 " + command, Position(0, 4), full, position("é𝔸 " + command, len(command) + 3)))[2] == body
    )


@pytest.mark.parametrize(
    "following",
    [
        "theorem x : T := t",
        "@[simp]\ntheorem x : T := t",
        "/-- d -/\ndef x := 1",
        "end A",
        "#check x",
        "open A in\ndef x",
    ],
)
def test_a_command_ends_where_the_next_one_starts(following: str) -> None:
    slot = find_slot(f"@[simp]\nprivate\ntheorem foo : T := by\n  simp\n\n{following}\n", START, "foo")
    assert parts(slot) == ("foo", ": T", ":= by\n  simp")


def test_a_command_ends_where_the_compiled_module_says() -> None:
    slot = find_slot("theorem foo : T := t theorem bar : T := t", START, "foo", Position(0, 20))
    assert parts(slot)[2] == ":= t"


def test_a_slot_leaves_out_nothing_but_the_body() -> None:
    before, after = "open A\n\ntheorem foo : T ", "\n\n-- end\n"
    slot = find_slot(f"{before}:= sorry{after}", Position(2, 0), "A.foo")
    assert (slot.source[: slot.body[0]], slot.source[slot.body[1] :]) == (before, after)
    assert slot.source[: slot.command] == "open A\n\n"


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("theorem bar : T := t", "there is `bar`"),
        ("theorem foo'.foo2 : T := t", "there is `foo'.foo2`"),
        ("axiom foo : T", "there is `axiom`, which has no body"),
        ("structure foo where x : T := t", "there is `structure`, which has no body"),
        ("mk foo := 1", "there is `mk`"),
        ("opaque foo : T", "it has no body"),
        ("theorem foo : (T := t", "it has no body"),
        ("", "nothing stands"),
        ("-- theorem foo : T := t", "nothing stands"),
    ],
)
def test_what_has_no_slot_says_why(command: str, complaint: str) -> None:
    with pytest.raises(SlotError, match=complaint):
        find_slot(command, START, "foo")


@pytest.mark.parametrize("place", [Position(3, 0), Position(0, 99), Position(1, 1)])
def test_a_place_outside_the_source_is_refused(place: Position) -> None:
    with pytest.raises(SlotError, match="the source has no"):
        find_slot("theorem foo : T := t\n", place, "foo")


@given(texts)
def test_any_text_has_a_slot_or_says_why_not(text: str) -> None:
    try:
        slot = find_slot("theorem foo " + text, START, "foo")
    except SlotError:
        return
    assert slot.command <= slot.keyword <= slot.name[0] < slot.body[0] < slot.body[1] <= len(slot.source)
