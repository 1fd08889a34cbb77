"""The words of a proof with their places on the lines, and which brackets belong together. Made for the layout.

Columns are counted as Lean does, in characters. Nobody knows how far the body's first line is indented, except that
nothing on the lines below begins that far to the right.
"""

from __future__ import annotations

from dataclasses import dataclass

from prover.lean.lexer import CLOSING, OPENING, Sort, Token, tokens

_FIRST_LINE = 1 << 20  # added to the columns of the first line
_PAIRS = dict(zip("([{⟨⦃‹", ")]}⟩⦄›", strict=True))
# A line that begins with a symbol goes on with what stands before, but for these, which begin a term or a tactic.
_STARTS = {*"·.([{⟨‹@¬∀∃λ↑⇑↥#?√∑∏∫⨆⨅⋃⋂`", ".."}
_GOES_ON = {"with", "at", "using", "from", "then", "else", "generalizing", "in", "only"}
# What follows one of these on the next line belongs to it, wherever it begins.
_OPERATORS = {*"$+=<>≤≥∧∨→↔▸∘^/×-≠∣∈∉⊆⊂∪∩:←¬", "<|", "|>", "=>", ":=", "<;>", "<|>"}


@dataclass(frozen=True, slots=True)
class Word:
    """A significant token. `first` says whether its line begins with it, `lone` whether it stands between spaces.

    `partner` is the index of the bracket that closes this one, or that this one closes; -1 where there is none.
    """

    text: str
    start: int
    end: int
    line: int
    column: int
    first: bool
    lone: bool
    symbol: bool
    partner: int = -1

    @property
    def goes_on(self) -> bool:
        """Can neither a tactic nor a term begin with it, so that it belongs to what stands before, at any column?"""
        return self.text in _GOES_ON or (self.symbol and self.text not in _STARTS)

    @property
    def wants_more(self) -> bool:
        """Does it join what stands before with what comes behind it, at any column?"""
        return self.text in _OPERATORS


def words(body: str) -> list[Word]:
    """All significant tokens of a body."""
    raw = _joined([token for token in tokens(body) if token.significant])
    partners = _partners([token.text for token in raw])
    found: list[Word] = []
    line, begins, before, end = 0, 0, 0, 0  # of the line and of the word before
    for index, token in enumerate(raw):
        if breaks := body.count("\n", before, token.start):
            line += breaks
            begins = body.rfind("\n", before, token.start) + 1
        column = token.start - begins + (0 if line else _FIRST_LINE)
        first = "\n" in body[end : token.start]
        lone = not (body[token.start - 1 : token.start].strip() or body[token.end : token.end + 1].strip())
        partner = partners.get(index, -1)
        symbol = token.sort is Sort.SYMBOL
        found.append(Word(token.text, token.start, token.end, line, column, first, lone, symbol, partner))
        before, end = token.start, token.end
    return found


def _joined(raw: list[Token]) -> list[Token]:
    """The tokens with `<;>` as one, which is none where `<`, `;` and `>` are; to Lean it is where it stands between
    tactics.
    """
    found: list[Token] = []
    for token in raw:
        if token.text == ">" and [one.text for one in found[-2:]] == ["<", ";"] and found[-2].end + 1 == token.start:
            start = found[-2].start
            found[-2:] = [Token(Sort.SYMBOL, start, token.end, "<;>")]
        else:
            found.append(token)
    return found


def _partners(texts: list[str]) -> dict[int, int]:
    """The brackets that belong together, both ways. Of those between them that have no partner nothing is said."""
    partners: dict[int, int] = {}
    open_: list[int] = []
    waiting = dict.fromkeys(_PAIRS.values(), 0)
    for index, text in enumerate(texts):
        if text in OPENING:
            open_.append(index)
            waiting[_PAIRS[text]] += 1
        elif text in CLOSING and waiting[text]:
            while True:
                other = open_.pop()
                closer = _PAIRS[texts[other]]
                waiting[closer] -= 1
                if closer == text:
                    break
            partners[index], partners[other] = other, index
    return partners
