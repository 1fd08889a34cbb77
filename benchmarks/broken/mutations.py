"""What makes a correct proof a broken one: eight kinds of faults, each in several variants, drawn by a seed.

Every fault is a pure function of a body and a source of chance; whether what comes of it is refused by Lean is for
`benchmarks.broken.generate` to find out. The kinds are those that models and people make: see the README beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from benchmarks.broken import layout, lean3, terms
from benchmarks.broken.words import Fault

KINDS: Mapping[str, tuple[Fault, ...]] = {
    "lemma name": (
        terms.misspelt,
        terms.other_namespace,
        terms.without_namespace,
        terms.prime,
        terms.turned_round,
        terms.other_side,
        lean3.lower_case,
    ),
    "dropped case": (layout.without_arm, layout.without_bullet, layout.without_line, terms.without_rule),
    "wrong tactic": (terms.other_finisher, terms.other_finisher, terms.other_tactic, terms.other_search),
    "off by one": (terms.other_numeral, terms.without_successor, terms.with_successor, terms.other_order),
    "Lean 3": (
        lean3.commas,
        lean3.begin_end,
        lean3.rewrite_without_brackets,
        lean3.cases_with,
        lean3.lambda_,
        lean3.assume,
        lean3.have_comma,
        lean3.induction_with,
    ),
    "truncated": (layout.cut_at_word, layout.cut_at_line, layout.cut_in_word),
    "indentation": (
        layout.line_further,
        layout.block_further,
        layout.line_less,
        layout.tail_less,
        layout.flat,
        layout.joined,
    ),
    "swapped": (
        terms.arguments,
        terms.hypotheses,
        terms.projections,
        terms.components,
        terms.direction,
        terms.sides,
        terms.symm,
    ),
}


def mutated(body: str, kinds: Sequence[str], seed: int, theorem: str) -> str | None:
    """The body with one fault of each kind, in order; None where a kind has nothing to break.

    The same arguments always give the same text.
    """
    for kind in kinds:
        choose = Random(f"{seed} {theorem} {kind}")
        faults = list(KINDS[kind])
        choose.shuffle(faults)
        found = next((text for fault in faults if (text := fault(body, choose)) is not None and text != body), None)
        if found is None:
            return None
        body = found
    return body
