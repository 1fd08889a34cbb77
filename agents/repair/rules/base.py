"""What a rule is: a pure function from a piece of proof, with what Lean has against it, to changes that might help.

A rule knows what models get wrong, and proposes; whether a change stays is for Lean to say, in `agents.repair.mending`.
Every rule is listed with an example in the table of its module, and the tests run the tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from agents.repair.edits import Edit
from prover.lean.lexer import CLOSING, OPENING, Token, tokens

# The words that begin a tactic; those of Lean 3 and Mathlib too, since models write them.
_TACTICS = """
    ac_rfl aesop all_goals any_goals apply apply_fun apply_instance assume assumption assumption_mod_cast by_cases
    by_contra by_contradiction calc case cases cases' change choose clear congr constructor contradiction contrapose
    contrapose! conv conv_lhs conv_rhs convert cc dec_trivial decide delta done dsimp eapply erw exact
    exact_mod_cast exacts exfalso exists existsi ext fapply field_simp fin_cases finish first focus fun_cases
    fun_induction funext gcongr generalize grind haveI have induction induction' infer_instance injection injections
    interval_cases intro introv intros iterate itauto left letI let lia lift linarith linear_combination match
    native_decide next nlinarith nofun nomatch norm_cast norm_num nth_rewrite nth_rw obtain omega positivity
    push_cast push_neg rcases refine refine' refl rename rename_i repeat replace revert rewrite rfl right ring
    ring_nf rintro rintros rotate_left rsuffices rw rw_mod_cast rwa set show simp simp_all simp_arith simp_rw simpa
    skip solve_by_elim sorry specialize split split_ifs squeeze_simp stop subst subst_vars suffices swap symm
    symmetry tauto tidy trans transitivity trivial try unfold unfold_coes use zify
"""
TACTICS = frozenset(_TACTICS.split())
BINDERS = frozenset(("∀", "∃", "∃!", "λ", "fun", "Π", "Σ", "∑", "∏", "assume"))
# Behind these a tactic begins, and lines that begin with those go on with no tactic.
_BEFORE_WORDS = "by { ( · ; <;> => , begin | try repeat first := ↦ from all_goals any_goals"
_BEFORE = frozenset(_BEFORE_WORDS.split())
_LINES = frozenset(("|", "·", ".", "{", "...", "_", "end"))

# How messages begin about what Lean has read and does not accept.
FAILED = (
    r"Type mismatch|Application type mismatch|Function expected|Invalid|The |unsolved goals|Tactic `|motive"
    r"|'\w+' tactic failed|`?simp|`?grind|omega"
)


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that belong together; those of one fix do not overlap. Fixes that overlap are alternatives."""

    edits: tuple[Edit, ...]

    @classmethod
    def of(cls, start: int, end: int, text: str, why: str) -> Fix:
        """The fix of a single edit."""
        return cls((Edit(start, end, text, why),))

    @property
    def start(self) -> int:
        return min(edit.start for edit in self.edits)

    @property
    def end(self) -> int:
        return max(edit.end for edit in self.edits)

    @property
    def why(self) -> str:
        return self.edits[0].why

    def meets(self, others: Sequence[Edit]) -> bool:
        """Can it not be made together with the others, because they change the same characters?"""
        return not all(_apart(a, b) for a in self.edits for b in others)


def _apart(a: Edit, b: Edit) -> bool:
    """Do two edits that touch leave each other alone? Two insertions at one place do not."""
    return (a.end <= b.start or b.end <= a.start) and (a.start, a.end) != (b.start, b.end)


@dataclass(frozen=True)
class Piece:
    """Proof text, and the complaint about it: `message` is about the characters from `start` to `end`.

    `near` has real names that are like those in the complaint, best first; under the empty name, what is in scope.
    """

    text: str
    start: int = 0
    end: int = 0
    message: str = ""
    near: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Without space and comments; `<;>` is one."""
        found: list[Token] = []
        for token in tokens(self.text):
            if token.text == ">" and self.text.endswith("<;>", 0, token.end) and len(found) > 1:
                token = Token(token.sort, found[-2].start, token.end, "<;>")
                del found[-2:]
            if token.significant:
                found.append(token)
        return tuple(found)

    @cached_property
    def said(self) -> tuple[int, int]:
        """The indices of the tokens that the message is about, half-open.

        Lean puts a tactic that it does not know at the end of the word; all other places without extent are before a
        token, or behind the last.
        """
        if self.message == "unknown tactic":
            inside = [n for n, token in enumerate(self.tokens) if token.end == self.end]
        else:
            inside = [n for n, token in enumerate(self.tokens) if token.end > self.start and token.start < self.end]
        if inside:
            return inside[0], inside[-1] + 1
        after = next((n for n, token in enumerate(self.tokens) if token.end > self.start), len(self.tokens))
        return after, min(after + 1, len(self.tokens))

    def word(self, index: int) -> str:
        """The text of a token; empty where there is none."""
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def between(self, first: int, stop: int) -> str:
        """The text of the tokens from `first` up to `stop`."""
        stop = min(stop, len(self.tokens))  # a bracket that nothing closes ends behind the last token
        return self.text[self.tokens[first].start : self.tokens[stop - 1].end] if first < stop else ""

    def replaced(self, first: int, stop: int, text: str, why: str) -> Fix:
        """The fix that puts a text in the place of these tokens."""
        return Fix.of(self.tokens[first].start, self.tokens[stop - 1].end, text, why)

    def leads(self, index: int) -> bool:
        """Is it the first token of its line?"""
        start = self.tokens[index].start
        return not self.text[self.text.rfind("\n", 0, start) + 1 : start].strip()

    def column(self, index: int) -> int:
        """How far from its line's beginning it stands."""
        start = self.tokens[index].start
        return start - self.text.rfind("\n", 0, start) - 1

    def begins(self, index: int) -> bool:
        """Does a tactic begin here, by what stands before?"""
        return self.word(index) in TACTICS and (
            index == 0
            or self.leads(index)
            or self.word(index - 1) in _BEFORE
            or self.word(index - 2) in ("case", "next")
        )

    def tactic(self, index: int) -> tuple[int, int]:
        """The tokens of the tactic or the term that a token is in, without the tactics inside of it that stand on lines
        of their own; empty where there is none."""
        before = range(min(index, len(self.tokens) - 1), -1, -1)
        first = next((n for n in before if self.begins(n)), None)
        if first is None or index >= self.until(first + 1):
            first = next((n + 1 for n in before if self.word(n) in (":=", "=>", "↦", "from")), None)
        if first is None:
            return index, index
        stop = self.until(first + 1)
        return (first, stop) if index < stop else (index, index)

    def closing(self, index: int) -> int:
        """The index of the bracket that closes the one at `index`; the number of tokens where none does."""
        depth = 0
        for at in range(index, len(self.tokens)):
            depth += (self.word(at) in OPENING) - (self.word(at) in CLOSING)
            if depth <= 0:
                return at
        return len(self.tokens)

    def until(self, index: int, *stops: str) -> int:
        """The index of the first of these words from `index` on, outside of brackets; or where a tactic must have
        ended: a closing bracket, a `;`, a line that begins with a tactic, an arm, a step or a
        bullet."""
        while index < len(self.tokens) and self.word(index) not in (*stops, *CLOSING, ";", "<;>"):
            if self.leads(index) and (self.word(index) in TACTICS or self.word(index) in _LINES):
                break
            index = self.closing(index) + 1 if self.word(index) in OPENING else index + 1
        return min(index, len(self.tokens))


Change = Callable[[Piece], Iterator[Fix]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`change`, the messages that it is an answer to, and an example: `before` becomes `after`.

    `when` is a pattern for the beginning of a message. A rule without one is of syntax: it finds all its places in a
    text by itself, and all of them together make the example. Any other looks where the complaint is, which is
    at `about` in the example, and proposes alternatives: the example's is one of them.
    """

    change: Change
    before: str
    after: str
    when: str = ""
    message: str = ""
    about: str = ""
    near: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.change.__name__

    def answers(self, message: str) -> bool:
        """Is it for complaints of this kind?"""
        return bool(re.match(self.when, message))
