"""What kind of thing Lean complains of, told by the words of its message. Made for the diagnosis.

The wordings are those of Lean 4.28, as they were recorded from it; what a message says behind its first line does not
count, since it prints goals and terms there.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Trouble(StrEnum):
    """What kind of thing Lean complains of."""

    SYNTAX = "syntax"  # it cannot read on; what stands behind in this proof it has not seen
    UNKNOWN = "unknown"  # a name, a constant, a field
    UNSOLVED = "unsolved"  # goals are left at the end of a block
    NO_GOALS = "no goals"  # a tactic too many
    MISMATCH = "mismatch"  # of types, in a term
    TACTIC = "tactic"  # a tactic failed
    TIME = "time"  # heartbeats, recursion depth
    OTHER = "other"


# The first that is found at the beginning of a message says it; written without quotes, and all small.
_WORDINGS = (
    (
        Trouble.SYNTAX,
        r"unexpected (?!occurrence|term|type)|unknown tactic$|unterminated |expected (?!type)|missing (?:exponent|end)"
        r"|<input>|invalid end: there is no|tabs are not allowed|unknown parser|invalid escape",
    ),
    (
        Trouble.TIME,
        r".*maximum recursion depth|.*deterministic\) timeout|.*maximum number of (?:steps|heartbeats)"
        r"|.*maxheartbeats|no answer within|.*out of memory|.*deep recursion|.*stack overflow",
    ),
    (Trouble.UNSOLVED, r"unsolved goals|error: unsolved goals"),
    (Trouble.NO_GOALS, r"no goals|no goals to be solved|.*\bno goals to be (?:solved|proved)"),
    (
        Trouble.UNKNOWN,
        r"unknown |invalid field|.*environment does not contain|invalid projection|invalid dotted identifier"
        r"|invalid alternative name|case tag .* not found|invalid argument name|invalid occurrence of|ambiguous"
        r"|.*is not a (?:field|constructor|structure)|invalid constructor name|dotted identifier"
        r"|invalid simp theorem|.*unknown (?:identifier|constant|free variable)",
    ),
    (
        Trouble.MISMATCH,
        r"(?:application )?type mismatch|function expected|failed to synthesize|type expected|invalid ⟨...⟩ notation"
        r"|insufficient number of fields|dont know how to synthesize|numerals are polymorphic|typeclass instance"
        r"|stuck|.*failed to infer|invalid match expression|cannot infer|.*has type$|failed to elaborate"
        r"|failed to construct|invalid pattern|too many|could not synthesize|invalid calc step|calc expression"
        r"|tactic .{0,20}invalid|mismatch|the rhs|the expected type|unused argument|overloaded",
    ),
    (
        Trouble.TACTIC,
        r"tactic |missing cases|.* tactic failed|.*\bfailed\b|.*made no progress|.*could not|.* requires |no applicable"
        r"|invalid rewrite|motive is not type correct|.*did not|.*nothing to|alternative .* (?:has not|is not)"
        r"|.*did not find|not a |target |the (?:goal|rfl|argument)|no progress|.*cannot",
    ),
)
_KNOWN = tuple((kind, re.compile(pattern)) for kind, pattern in _WORDINGS)
_QUOTES = str.maketrans("", "", "`'’‘\"")


def trouble(text: str) -> Trouble:
    """The kind of a message."""
    line = text.strip().partition("\n")[0].translate(_QUOTES).lower()
    return next((kind for kind, known in _KNOWN if known.match(line)), Trouble.OTHER)
