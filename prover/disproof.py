"""A disproof as text: `theorem NAME.disproof : ¬ …` in the place of the theorem NAME, as the judge looks for it.

Pure. Says nothing about truth: a file with such a text in it goes to the judge as a file of its own, and only where the
evidence of the verdict names the disproof is the statement false. Called by `prover disprove` and by the benchmarks.
"""

from __future__ import annotations

import re

from prover.model import Attempt, Slot

DISPROOF = "disproof"
# What a statement may need to be seen: nothing that is public may speak of what is private.
_VISIBILITY = re.compile(r"\b(?:private|public)\b")


def disproof_text(slot: Slot, attempt: Attempt) -> str:
    """What takes the place of the declaration's command, from `slot.command` to the end of its body.

    The attempt's helpers, and a theorem that states the negation, with the attempt's body for a proof. The name is the
    one that is written there; documentation, attributes and modifiers are left out, but for `private` and `public`. The
    negation is of what is written: where variables of the text before belong to the statement, or it has names that
    Lean binds by itself, it is not the whole of it, and the judge will say so.
    """
    name = slot.source[slice(*slot.name)]
    helpers = f"{attempt.helpers.strip()}\n\n" if attempt.helpers.strip() else ""
    arms = "\n" if attempt.body.startswith("|") else ""
    space = "" if slot.negation.startswith(".{") else " "
    return f"{helpers}{_modifier(slot)}theorem {name}.{DISPROOF}{space}{slot.negation} {arms}{attempt.body}"


def with_disproof(slot: Slot, attempt: Attempt, *, alone: bool = False) -> str:
    """The source of the slot with the disproof in it; `alone`: without what stands behind the declaration."""
    rest = "\n" if alone else slot.source[slot.body[1] :]
    return f"{slot.source[: slot.command]}{disproof_text(slot, attempt)}{rest}"


def _modifier(slot: Slot) -> str:
    """`private `, `public ` or nothing: the last of them before the keyword, where no bracket or comment follows."""
    before = slot.source[slot.command : slot.keyword]
    modifiers = re.split(r"-/|\]", before)[-1]
    found = _VISIBILITY.findall(modifiers)
    return f"{found[-1]} " if found else ""
