"""Reads the layout of a proof, by indentation, brackets and a few words, over Lean's tokens.

Nothing fails, whatever the text is, and the time is linear in its length. The rules are those of `Lean.Parser`: what
`sepByIndent`, `many1Indent` and `withPosition` do (src/Lean/Parser/Extra.lean, Term.lean, Tactic.lean), but no grammar
of tactics. Where a line is indented as nothing allows, it is an item of the sequence that it seems to be in. Called by
`agents.repair.diagnosis` and by the stages of a repair.
"""

from __future__ import annotations

from agents.repair.blocks import Block
from agents.repair.frames import Frame, Kind, Stack
from agents.repair.words import Word, words
from prover.lean.lexer import CLOSING, OPENING

# Heads behind which tactics follow at once, behind `=>`, behind `in`; and those with arms behind `with`.
_COMBINATORS = {
    *("try", "all_goals", "any_goals", "repeat", "repeat'", "repeat1'", "focus", "iterate", "fail_if_success"),
    *("unhygienic", "show_term", "with_reducible", "with_reducible_and_instances", "with_unfolding_all"),
}
_ARROWS = {"case", "case'", "next", "on_goal", "pick_goal", "work_on_goal"}
_CONVERSIONS = {"conv", "conv_lhs", "conv_rhs", "conv'"}
_SCOPES = {"set_option", "open"}
_INDUCTIONS = {"induction", "cases", "fun_induction", "fun_cases"}
_PATTERNS = {"obtain", "rcases", "rsuffices"}  # a `|` in them parts patterns
_LOCAL = {"have", "let", "haveI", "letI", "let_fun", "suffices", "show"}
_SECTIONS = {"where", "termination_by", "decreasing_by"}
_JOINS = {"<;>", "<|>"}
_PROOF = frozenset((":=", "from"))
_AWAITED = _PROOF | {"=>", "with", "then", "else", "in"}


def parse(body: str) -> Block:
    """The layout of a body."""
    return _Reader(words(body)).read()


class _Reader:
    """Reads the words from left to right; `stack` has what is open."""

    def __init__(self, ahead: list[Word]) -> None:
        self.words = ahead
        self.at = 0
        self.stack = Stack()

    def read(self) -> Block:
        for at, word in enumerate(self.words):
            self.at = at
            if word.first and not self.is_expected(word):
                self.stack.place(word)
            self.take(word)
            self.stack.last = word.end
        return self.stack.finish()

    def is_expected(self, word: Word) -> bool:
        """Does the word belong to what stands before it, in whatever column its line begins?"""
        if word.goes_on or word.text in _SECTIONS or self.at == 0:
            return True
        top = self.stack.top
        if top.start < 0 and top.kind in (Kind.TERM, Kind.SEQUENCE):
            return top.kind is Kind.TERM
        return self.words[self.at - 1].wants_more

    def next(self) -> str:
        return self.words[self.at + 1].text if self.at + 1 < len(self.words) else ""

    def take(self, word: Word) -> None:
        """One word, in the place where it belongs."""
        text = word.text
        if text in CLOSING:
            self.stack.close(word.partner)
        elif text == ";":
            self.end_item()
        elif text == ",":
            self.end_entry()
        elif text in _JOINS and self.stack.cut_to((Kind.TACTIC,)):
            self.stack.top.heading = True
        elif not ((text in _SECTIONS and self.section(word)) or (text == "|" and self.arm(word)) or self.awaited(word)):
            self.content(word)

    def end_item(self) -> None:
        """A `;` ends a tactic, or what a local declaration in a term is."""
        for depth, frame in self.stack.inner():
            if frame.kind in (Kind.SEQUENCE, Kind.LOCAL):
                return self.stack.cut(depth - (frame.kind is Kind.LOCAL))
            if frame.kind in (Kind.BRACKET, Kind.OPAQUE):
                return None
        return None

    def end_entry(self) -> None:
        """A `,` ends what is open in a bracket of terms."""
        depth, frame = list(self.stack.inner())[-1]
        if frame.kind is Kind.BRACKET and not frame.tactics:
            self.stack.cut(depth)

    def section(self, word: Word) -> bool:
        """What stands behind a proof, or behind one of its local declarations."""
        around = [frame.kind for _, frame in self.stack.inner()]
        if Kind.BRACKET in around:
            return False
        top = self.stack.top
        inline = word.text == "where" and not word.first and ":=" in top.awaits
        if not inline:
            self.stack.cut(self.section_depth(word))
        if word.text == "where":
            top.awaits -= _PROOF if inline else frozenset()
            self.stack.push(Frame(Kind.DECLARATIONS))
        elif word.text == "termination_by":
            self.stack.push(Frame(Kind.OPAQUE))
        else:
            self.open(word, tactics=True)
        return True

    def section_depth(self, word: Word) -> int:
        """The depth of the declaration behind `where` that the section belongs to, or of the body."""
        for depth, frame in self.stack.inner():
            if frame.kind is Kind.DECLARATION and frame.columns[0] < word.column:
                return depth
        return 0

    def arm(self, word: Word) -> bool:
        """Begins an arm, where there are arms, or where a definition by patterns may begin."""
        top = self.stack.top
        if top.kind is Kind.ARM and "=>" in top.awaits:
            return False
        wrong = -1
        for depth, frame in self.stack.inner():
            if frame.kind in (Kind.ARMS, Kind.CHOICES):
                if frame.arm(word):
                    return self.begin_arm(depth, word)
                wrong = depth if word.first and word.column < frame.columns[0] else wrong
            if frame.head in _PATTERNS and not word.first:
                return False
        if wrong >= 0:
            return self.begin_arm(wrong, word)
        clauses = top.kind in (Kind.BODY, Kind.DECLARATION) or (word.first and {top.head, top.word} & _LOCAL)
        if clauses and ":=" in top.awaits:
            top.awaits -= _PROOF
            self.stack.push(Frame(Kind.ARMS))
            return self.begin_arm(len(self.stack.frames) - 1, word)
        return False

    def begin_arm(self, depth: int, word: Word) -> bool:
        self.stack.cut(depth)
        arms = self.stack.top
        arms.begin(word)
        if arms.kind is Kind.CHOICES:
            self.open(word, tactics=True)
        else:
            self.stack.push(
                Frame(Kind.ARM, word.text, start=word.start, awaits=frozenset(("=>",)), tactics=arms.tactics)
            )
        return True

    def awaited(self, word: Word) -> bool:
        """Opens what the word opens in the innermost frame that awaits it."""
        for depth, frame in self.stack.inner() if word.text in _AWAITED else ():
            if word.text in frame.awaits:
                self.stack.cut(depth)
                self.go_on(frame, word)
                return True
        return False

    def go_on(self, frame: Frame, word: Word) -> None:
        frame.awaits -= _PROOF if word.text in _PROOF else {word.text}
        if word.text == "with":
            self.arms(frame, word)
        elif frame.head in _CONVERSIONS:
            self.stack.push(Frame(Kind.OPAQUE))
        elif frame.kind is not Kind.IF or word.text != ":=":
            if word.text == "then":
                frame.awaits = frozenset(("else",))
            self.open(word, frame.tactics or word.text == "in" or frame.head in _ARROWS)

    def arms(self, frame: Frame, word: Word) -> None:
        """What a `with` opens: the arms of a `match`; of a tactic, arms where they follow, or a tactic for all."""
        if frame.kind is Kind.MATCH:
            self.stack.cut(len(self.stack.frames) - 2)
            self.stack.push(Frame(Kind.ARMS, tactics=frame.tactics))
        elif self.next() == "|" or frame.head in _INDUCTIONS:
            self.stack.push(Frame(Kind.ARMS, tactics=True))
            if self.next() != "|":
                self.open(word, tactics=True)

    def open(self, word: Word, tactics: bool) -> None:
        """Tactics follow, or a term; a term that is `by` and tactics is no block of its own."""
        if tactics or self.next() != "by":
            kind = Kind.SEQUENCE if tactics else Kind.TERM
            self.stack.push(Frame(kind, word.text, (word.start, word.end)))

    def content(self, word: Word) -> None:
        """A word that stands for itself, or opens something of its own."""
        self.begin_item(word)
        top = self.stack.top
        if top.start < 0:
            top.start = word.start
        if top.heading:
            self.head(top, word)
        else:
            self.inside(word)

    def begin_item(self, word: Word) -> None:
        """Begins the tactic, step or declaration that the word is the first of."""
        top = self.stack.top
        if top.kind is Kind.SEQUENCE:
            frame = Frame(Kind.TACTIC, awaits=_PROOF | {"with"}, heading=True)
        elif top.kind is Kind.CALC:
            frame = Frame(Kind.STEP, awaits=frozenset((":=",)))
        elif top.kind is Kind.DECLARATIONS:
            frame = Frame(Kind.DECLARATION, awaits=frozenset((":=",)), columns=(word.column,))
        else:
            return
        top.begin(word)
        frame.word, frame.start = word.text, word.start
        self.stack.push(frame)

    def head(self, frame: Frame, word: Word) -> None:
        """The first word of a tactic, or of one that is joined to it or inside it."""
        text = frame.head = word.text
        frame.heading = self.counts(word)
        if text in ("(", "{"):
            self.stack.push(Frame(Kind.BRACKET, bracket=self.at, tactics=True))
            self.open(word, tactics=True)
        elif text == "·" or (text == "." and word.lone) or self.is_combinator(word):
            self.open(word, tactics=True)
        elif text in ("first", "solve"):
            self.stack.push(Frame(Kind.CHOICES))
        elif text in _ARROWS or text in _CONVERSIONS:
            frame.awaits |= {"=>"}
        elif text in _SCOPES:
            frame.awaits |= {"in"}
        elif text not in _LOCAL:
            self.inside(word, tactics=text in ("match", "if"))

    def counts(self, word: Word) -> bool:
        """Is it `iterate` with a number behind it?"""
        return word.text == "iterate" and self.next().isdigit()

    def is_combinator(self, word: Word) -> bool:
        return word.text.isdigit() or (word.text in _COMBINATORS and not self.counts(word))

    def inside(self, word: Word, tactics: bool = False) -> None:
        """A word in a term, or among the arguments of a tactic."""
        text = word.text
        if text in OPENING and word.partner >= 0:
            self.stack.push(Frame(Kind.BRACKET, bracket=self.at))
        elif text == "by":
            self.open(word, tactics=True)
        elif text == "calc":
            self.stack.push(Frame(Kind.CALC))
        elif text == "match":
            self.stack.push(Frame(Kind.MATCH, awaits=frozenset(("with",)), tactics=tactics))
        elif text == "if":
            self.stack.push(Frame(Kind.IF, awaits=frozenset(("then", ":=")), tactics=tactics))
        elif text in ("fun", "λ") and self.next() == "|":
            self.stack.push(Frame(Kind.ARMS))
        elif text in _LOCAL:
            self.stack.push(Frame(Kind.LOCAL, awaits=_PROOF, columns=(word.column,), word=text))
        elif text == "do":
            self.stack.push(Frame(Kind.OPAQUE))
