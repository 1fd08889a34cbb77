"""The nouns, in order of life: Declaration → Task → Attempt → Verdict → Merge.

Frozen values and nothing else: no I/O, no Lean, no git, and no import of ours. Everyone may import this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn


class Kind(StrEnum):
    """What Lean calls a constant, in the order of its `ConstantInfo` constructors."""

    AXIOM = "axiom"
    DEFINITION = "definition"
    THEOREM = "theorem"
    OPAQUE = "opaque"
    QUOT = "quot"
    INDUCTIVE = "inductive"
    CONSTRUCTOR = "constructor"
    RECURSOR = "recursor"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text as LSP counts it: line and UTF-16 code unit, both from 0."""

    line: int
    character: int


@dataclass(frozen=True, slots=True)
class Declaration:
    """A named constant of the project, as compiled.

    `statement` is the SHA-256 of the elaborated statement and of everything of the project that it reaches.
    `statement_uses` and `proof_uses` name declarations of the project; what Lean generates for a declaration
    (matchers, equation lemmas, projections without a place of their own) is counted as part of it.
    """

    name: str
    module: str
    kind: Kind
    statement: str
    statement_uses: frozenset[str]
    proof_uses: frozenset[str]
    hole: bool  # its own body contains `sorryAx`; whether it rests on another hole is the graph's business
    position: Position  # where the declaration's command starts in the module's source
    end: Position | None = None  # where it ends


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one declaration stands in its module's source, as character offsets (half-open ranges).

    /-- doc -/ @[simp] theorem add_comm' {a b : Nat} : a + b = b + a := by sorry
    ^command   ^          ^name     ^signature                       ^body       ^end
    `keyword` starts at `theorem`; `body` starts at `:=` and ends with the command.
    """

    source: str
    command: int
    keyword: int
    name: tuple[int, int]
    signature: tuple[int, int]
    colon: int  # the one between the binders and the type; the end of the signature where there is none
    body: tuple[int, int]

    @property
    def statement(self) -> str:
        """The signature as written: binders and type, without name and body."""
        return _ended(self.source[slice(*self.signature)].strip())

    @property
    def negation(self) -> str:
        """The signature of the negated statement, universe parameters first as in a statement that has them."""
        start, end = self.signature
        binders, type_ = self.source[start : self.colon].strip(), self.source[self.colon + 1 : end].strip()
        levels = binders[: binders.find("}") + 1] if binders.startswith(".{") else ""
        binders = binders.removeprefix(levels).strip()
        whole = f"∀ {_ended(binders)}, {_ended(type_)}" if binders else _ended(type_)
        return f"{levels} : ¬ ({whole})".lstrip()


def _ended(code: str) -> str:
    """What comes after it must not be taken for a part of a comment."""
    return f"{code}\n" if "--" in code.rpartition("\n")[2] else code


@dataclass(frozen=True, slots=True)
class Budget:
    """What one attempt may use: wall seconds, and checks asked of the Lean pool."""

    seconds: float
    checks: int


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as a model's server counts them: each is in one of the four."""

    input: int = 0  # read anew
    output: int = 0  # written, thinking included
    cache_read: int = 0
    cache_write: int = 0  # read anew, and kept for the next call

    def __add__(self, other: Usage) -> Usage:
        read, written = self.cache_read + other.cache_read, self.cache_write + other.cache_write
        return Usage(self.input + other.input, self.output + other.output, read, written)

    @property
    def tokens(self) -> int:
        return self.input + self.output + self.cache_read + self.cache_write


@dataclass(frozen=True, slots=True)
class Spent:
    """What has been used up: wall seconds of attempts (those that run side by side count each), tokens, dollars.

    `tokens` are those charged: where a call broke off and nobody knows its usage, as many as it can have used at most.
    """

    attempts: int = 0
    seconds: float = 0.0
    tokens: int = 0
    dollars: float = 0.0
    calls: int = 0
    unpriced: int = 0  # of the tokens, those whose price is not known: they are not in `dollars`
    usage: Usage = Usage()

    def __add__(self, other: Spent) -> Spent:
        attempts, seconds = self.attempts + other.attempts, self.seconds + other.seconds
        tokens, dollars = self.tokens + other.tokens, self.dollars + other.dollars
        calls, unpriced = self.calls + other.calls, self.unpriced + other.unpriced
        return Spent(attempts, seconds, tokens, dollars, calls, unpriced, self.usage + other.usage)


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a model that an attempt wants to pay for.

    `number` is its place among the attempt's calls, from 0, also when it is repeated after a failure. `tokens` and
    `dollars` are the most that it can cost; None where the model's price is not known.
    """

    number: int
    model: str
    tokens: int
    dollars: float | None
    prompt: str = ""  # name and version of the prompt file


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt that is over. `ended` is a verdict's outcome, or `nothing` when the agent had no proposal.

    `knew` are the needs that were proved when it began, `rests_on` the open declarations that its proof used, and `why`
    says in one line what was wrong.
    """

    agent: str
    knew: frozenset[str]
    ended: str
    why: str = ""
    rests_on: frozenset[str] = frozenset()
    body: str = ""
    spent: Spent = Spent()


@dataclass(frozen=True, slots=True)
class Task:
    """An open declaration that is ready, with what an agent needs to start.

    `outline` is the module's text before the declaration, with `sorry` for the proofs of earlier theorems: all that
    a candidate can depend on, and quick to elaborate. `lemmas` are proved theorems of the project that are in scope,
    the planned ones first; `definitions` are the project's definitions in the statement.
    """

    declaration: Declaration
    base: str  # the commit that the slot was read from
    slot: Slot
    outline: str
    lemmas: tuple[str, ...]
    definitions: tuple[str, ...]
    agent: str
    budget: Budget
    number: int = 0  # of the attempt within the run, from 1; 0 for a decoy
    earlier: tuple[Tried, ...] = ()  # what has been tried at this declaration, oldest first, by whomever


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an agent hands in: a body for the slot (from `:=` on), and the history that made it.

    `helpers` are commands for the place before the declaration: lemmas in the namespace that is reserved for them,
    `theorem NAME.helper.…`, NAME being the declaration's name as written there. An attempt that `splits` leaves the
    helpers open: it hands in a proof from lemmas that are still to be proved. One that `refutes` hands in a body for
    the slot's negation. `drafted` is the body as a model wrote it, where a repair has made another one of it, and
    `feedback` is what Lean had against that.
    """

    declaration: str
    agent: str
    body: str
    history: tuple[str, ...] = ()
    helpers: str = ""
    splits: bool = False
    refutes: bool = False
    drafted: str = ""
    feedback: tuple[str, ...] = ()
    number: int = 0  # the coordinator's, not the agent's: the task's number


class Outcome(StrEnum):
    """What can be said of an attempt."""

    PROVED = "proved"
    REDUCED = "reduced"  # not proved: complete but for new open lemmas of its own, as an attempt that splits says
    REJECTED = "rejected"
    RESOURCE = "resource"  # time or memory ran out: neither a success nor a rejection
    CRASHED = "crashed"


class Reason(StrEnum):
    """Why an attempt is not proved; the words of the judge's JSON."""

    SORRY = "SORRY"
    AXIOM = "AXIOM"
    TRUST_COMPILER = "TRUST_COMPILER"
    KIND = "KIND"
    MISSING = "MISSING"
    STATEMENT = "STATEMENT"
    IMPORTS = "IMPORTS"
    SCOPE = "SCOPE"  # something else than the declaration is not as it was
    KERNEL = "KERNEL"  # the kernel, asked again, does not accept it
    HYGIENE = "HYGIENE"  # a term that no honest elaborator leaves: loose variables, impossible literals, unsafe code
    CHANNEL = "CHANNEL"  # it speaks to whoever reads Lean's output
    SIDE_EFFECT = "SIDE_EFFECT"  # it acts on the machine, or on whoever imports it
    PROJECT_FILE = "PROJECT_FILE"  # it changes how the project is built or judged
    BUILD = "BUILD"  # Lean wrote no module data
    RESOURCE = "RESOURCE"
    CRASHED = "CRASHED"


class Stage(StrEnum):
    """The judge's stages, in order. Each can refuse; only all of them together can say `proved`."""

    LEXICAL = "lexical"  # a glance at the text, before Lean sees it
    BUILD = "build"  # the sandboxed compilation
    AUDIT = "audit"  # what the compiled data says
    REPLAY = "replay"  # the kernel, asked again in a process in which nothing of the attempt runs


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict rests on: the stage that gave it, the proof's axioms, the statement's lock, who replayed it."""

    stage: Stage | None = None
    axioms: tuple[str, ...] = ()
    lock: str = ""
    replayed: str = ""  # by which kernel; empty where none did
    disproof: str = ""  # a declaration of the attempt that proves the negation instead


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judge's answer; no bool, since `if verdict:` would read as a yes for every answer."""

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    explanation: str = ""
    rests_on: tuple[str, ...] = ()  # open declarations of the project that the proof uses
    evidence: Evidence = Evidence()

    def __bool__(self) -> NoReturn:
        raise TypeError("a Verdict is no bool; compare verdict.outcome with Outcome.PROVED")


class Fault(StrEnum):
    """Why an agent failed, where it did more than find nothing."""

    TRANSIENT = "transient"  # a network, a server, a Lean worker: it may work the next time
    CONFIGURATION = "configuration"  # a key, a model's name, a missing package: it will not work until somebody acts
    BUG = "bug"  # the agent's own
    LIMIT = "limit"  # a budget is used up


@dataclass(frozen=True, slots=True)
class Merge:
    """An accepted attempt as a commit; on the run's branch once that has moved."""

    declaration: str
    agent: str
    commit: str
    verdict: Verdict
    attempt: int = 0  # its number
