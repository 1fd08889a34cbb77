"""What others have written: nothing of it reaches a terminal raw, and no text ends the fence around it."""

import json
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from prover.printable import as_json, fenced, line, span, visible

anything = st.text(st.characters() | st.sampled_from("`~\n\t\r\x1b\x9b\u202e \ud800"))


def harmless(text: str) -> bool:
    return not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in text if char not in "\n\t")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("∀ x : ℕ, x ≤ 𝔽 x\n\tby simp", "∀ x : ℕ, x ≤ 𝔽 x\n\tby simp"),
        ("\x1b[31mred\x1b[0m", "⟨U+001B⟩[31mred⟨U+001B⟩[0m"),
        ("a\rb\x00\x7f\x9b2J", "a⟨U+000D⟩b⟨U+0000⟩⟨U+007F⟩⟨U+009B⟩2J"),
        ("\u202eevil\u200b\ufeff", "⟨U+202E⟩evil⟨U+200B⟩⟨U+FEFF⟩"),
        ("half \ud800", "half ⟨U+D800⟩"),
        ("a\u2028b", "a⟨U+2028⟩b"),
    ],
)
def test_what_cannot_be_seen_is_shown_by_its_number(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(anything)
def test_no_text_reaches_a_terminal_raw(text: str) -> None:
    for shown in (visible(text), line(text), span(text), fenced(text), as_json({"it": text})):
        assert harmless(shown)
        shown.encode()
    assert "\n" not in line(text) + span(text)


@example("```\n# I am out\n```")
@example("~~~\n````")
@example("")
@given(anything)
def test_no_text_ends_the_fence_around_it(text: str) -> None:
    tokens = MarkdownIt().parse(f"before\n\n{fenced(text, 'lean')}\n\nafter")
    (fence,) = [token for token in tokens if token.type == "fence"]
    assert fence.content == visible(text) + "\n"
    assert [token.content for token in tokens if token.type == "inline"] == ["before", "after"]


@example("` `")
@example("  two spaces  ")
@example("a | b ![x](y) <b>")
@given(anything)
def test_no_text_ends_the_code_span_around_it(text: str) -> None:
    (_, inline, _) = MarkdownIt().parse(f"({span(text)})")
    assert inline.children is not None
    kinds = [(child.type, child.content) for child in inline.children]
    shown = re.sub("[\n\t]", lambda found: f"⟨U+{ord(found[0]):04X}⟩", visible(text))
    assert kinds == [("text", "("), ("code_inline", shown or " "), ("text", ")")]


@given(anything)
def test_json_is_the_same_value(text: str) -> None:
    assert json.loads(as_json({"it": [text]})) == {"it": [text]}


def test_json_keeps_the_symbols_of_lean_and_escapes_what_a_terminal_obeys() -> None:
    assert as_json("∀ \x1b\x9b\u202e\U000e0041") == '"∀ \\u001b\\u009b\\u202e\\udb40\\udc41"'
