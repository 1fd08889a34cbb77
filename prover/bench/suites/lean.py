"""A Lean text as problems: every theorem in it is one, whatever its proof.

Reads by words and layout (`prover.repair.parts`), since the Lean for which a suite was written need not be there. What
is read wrongly does not elaborate, and is counted apart then. Called by the readers of files and of records.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from prover.bench.problem import HOLE, Problem, Unusable
from prover.bench.suites.answers import answered, is_unanswered
from prover.bench.suites.earlier import Command, Earlier
from prover.lean.lexer import Sort, Token, tokens
from prover.lean.source import imports, split_header
from prover.repair.parts import Part, parts, unclosed

_THEOREMS = ("theorem", "lemma")
_OF_THE_FILE = frozenset({"open", "set_option", "universe", "universes", "variable", "variables"})
_SILENT = frozenset({"def", "abbrev", "opaque", "axiom", "inductive", "structure"})
_HEADING = re.compile(r"^\s*#+\s*(.+?)\s*$", re.MULTILINE)
_HAVE_LEMMA = re.compile(r"\b(Mathlib|Batteries)\b")  # which declare `lemma`; Lean itself does not

Where = Callable[[int], str]  # what to say of a line of the text
Found = Problem | Unusable


def read_lean(text: str, where: Where, notes: Counter[str]) -> Iterator[Found]:
    """The problems of a text, in order. `notes` counts what has been changed."""
    start = unclosed(text)
    if start is not None:
        line = text.count("\n", 0, start) + 1
        yield Unusable("", f"the comment that starts in line {line} is never closed", where(line))
        text = text[:start]
    yield from _Reader(text, where, notes).problems()


@dataclass
class _Reader:
    text: str
    where: Where
    notes: Counter[str]

    def problems(self) -> Iterator[Found]:
        ahead = parts(self.text)
        first = next((n for n, part in enumerate(ahead) if not self._of_the_file(part)), len(ahead))
        self.header, self.earlier, self.domain = self._header(ahead[:first]), Earlier(), ""
        for number, part in enumerate(ahead):
            if part.keyword.startswith("/-!"):
                heading = _HEADING.search(part.keyword[3:])
                self.domain = heading[1].removesuffix("-/").strip() if heading else self.domain
            elif part.keyword in _THEOREMS or part.keyword == "example":
                yield self._theorem(part)
            elif number >= first and part.keyword != "import" and not part.keyword.startswith(("#", "/-")):
                following = ahead[number + 1].start if number + 1 < len(ahead) else len(self.text)
                command = self._command(part, following)
                self.earlier.add(command, self.earlier.named(command.text))

    def _of_the_file(self, part: Part) -> bool:
        return part.keyword.startswith("/-!") or (part.keyword in _OF_THE_FILE and part.command == part.start)

    def _header(self, first: Sequence[Part]) -> str:
        imported = split_header(self.text)[0]
        start = next((token.start for token in tokens(imported) if token.significant), len(imported))
        commands = [self.text[part.start : part.end] for part in first if not part.keyword.startswith("/-!")]
        return "\n\n".join(filter(None, (imported[start:], "\n".join(commands))))

    def _theorem(self, part: Part) -> Found:
        why = self._flaw(part)
        statement, informal = self._statement(part)
        # Its own name may begin as that of another, and is no mention of it.
        named = self.earlier.named(self.text[slice(*part.slot.signature)] if part.slot else "")
        if not why and (left := self.earlier.unanswered(named)):
            why = f"its answer is left open: {left}"
        preamble = "" if why else self.earlier.preamble(statement, named)
        if part.name and part.slot:
            self.earlier.add(Command(f"{statement} {HOLE}", part.keyword, part.name, silent=True), named)
        if why:
            return Unusable(part.name, why, self.where(part.line))
        return Problem(
            name=part.name,
            statement=statement,
            header=self.header,
            preamble=preamble,
            domain=self.domain,
            informal=informal,
            source=self.where(part.line),
        )

    def _flaw(self, part: Part) -> str:
        """Why it is no problem; empty where it may be one."""
        if not part.name:
            return f"{'an' if part.keyword == 'example' else 'a'} `{part.keyword}` without a name"
        if part.mutual is not None:
            return "it stands in a `mutual` block"
        if part.slot is None:
            return "it has no `:=`"
        before = {token.text for token in tokens(self.text[part.command : part.slot.keyword])}
        return "it is private, so that nobody else can name it" if "private" in before else ""

    def _statement(self, part: Part) -> tuple[str, str]:
        """The command up to its `:=`, and what its docstring says."""
        end = part.slot.body[0] if part.slot else part.end
        ahead = list(tokens(self.text[part.start : end]))
        docs = [token.text for token in ahead if token.sort is Sort.DOC]
        behind = {token.end for token in ahead if token.sort is Sort.DOC}  # where the space goes with a docstring
        kept = [self._word(token, part) for token in ahead if token.end not in behind and token.start not in behind]
        last = max((n for n, token in enumerate(kept) if token.significant), default=-1)
        first = next((n for n, token in enumerate(kept) if token.significant), 0)
        return "".join(token.text for token in kept[first : last + 1]), words(docs[0]) if docs else ""

    def _word(self, token: Token, part: Part) -> Token:
        """`theorem` for a `lemma` that nobody has declared."""
        is_lemma = part.slot is not None and token.start + part.start == part.slot.keyword and token.text == "lemma"
        if is_lemma and not any(_HAVE_LEMMA.search(module) for module in imports(self.header)):
            self.notes["`lemma` written as `theorem`, since Mathlib is not imported"] += 1
            return token._replace(text="theorem")
        return token

    def _command(self, part: Part, following: int) -> Command:
        text = self.text[part.start : part.end]
        silent = part.keyword in _SILENT and part.name != "" and part.mutual is None and "@[" not in text
        command = Command(text, part.keyword, part.name, silent)
        if not is_unanswered(self.text, part):
            return command
        if full := answered(self.text, part, following):
            self.notes["answer filled in from the comment below it"] += 1
            return replace(command, text=full)
        return replace(command, unanswered=True)


def words(comment: str) -> str:
    """What a comment says, without its marks."""
    return re.sub(r"^/-[-!]?|-/$", "", comment.strip()).strip()
