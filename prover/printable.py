"""What others have written, made harmless: models, servers and the code of attempts may say anything.

Characters that a terminal would act on, or that nobody can see, are shown by their number; fences and code spans are
chosen so that no text can end them. Called by whatever prints what was not written here.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

# Controls (also C1, which some terminals obey), formats (also those that turn the direction of writing), half
# characters, private and unassigned ones, and the two separators that are no line ends to us.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_PLAIN = re.compile(r"[\x20-\x7e\n\t]*")


def visible(text: str) -> str:
    """The text with `⟨U+001B⟩` and the like for what cannot be seen; line ends and tabs stay as they are."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(f"⟨U+{ord(char):04X}⟩" if _is_hidden(char) else char for char in text)


def _is_hidden(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in _HIDDEN


def line(text: str) -> str:
    """The text on one line."""
    return visible(" ".join(text.split()))


def span(text: str) -> str:
    """As code within a line of Markdown, whatever backticks, spaces and line ends there are in it."""
    shown = visible(text).replace("\n", "⟨U+000A⟩").replace("\t", "⟨U+0009⟩") or " "
    ticks = "`" * (_longest_run(shown) + 1)
    # Markdown takes one space off each end of a code span that has some on both.
    space = " " if shown.strip() and shown.strip(" `") != shown else ""
    return f"{ticks}{space}{shown}{space}{ticks}"


def fenced(text: str, language: str = "text") -> str:
    """As a block of Markdown that no line of the text ends."""
    shown = visible(text)
    fence = "`" * max(3, _longest_run(shown) + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def as_json(value: Any) -> str:
    """JSON that can be read, in which what cannot be seen is escaped."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    if _PLAIN.fullmatch(text):
        return text
    return "".join(json.dumps(char)[1:-1] if _is_hidden(char) else char for char in text)
