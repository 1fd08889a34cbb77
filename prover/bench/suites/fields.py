"""The records of JSON suites: which field of which publisher is what of a problem, as one table.

A record's Lean text is put together from its fields and read as any Lean text is, so that a suite that is published
both ways gives the same problems. Called by `prover.bench.suites.reading`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from prover.bench.problem import Problem, Truth, Unusable
from prover.bench.suites.lean import read_lean, words
from prover.bench.suites.text import NoText, clean
from prover.lean.source import split_header
from prover.repair.parts import parts, unclosed

# What of a problem each field may be, the first that is there and not empty first. Publishers are named in the docs.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "statement": (
        *("core_statement", "formal_statement", "autoformalization", "lean4_code", "lean4_statement"),
        *("lean_code", "theorem", "statement"),
    ),
    "header": ("header", "lean4_src_header", "context"),
    "preamble": ("preamble",),
    "name": ("name", "theorem_names", "theorem_name", "full_name", "problem_name", "problem_id", "uuid", "id"),
    "informal": (
        *("informal", "informal_prefix", "informal_stmt", "informal_statement", "natural_language", "nl_statement"),
        *("refined_statement", "problem"),
    ),
    "split": ("split",),
    "domain": ("domain", "category", "subject", "problem_type"),
    "level": ("level", "tier", "difficulty"),
    "truth": ("truth",),
}
_LARGEST = 1 << 18  # characters of a record's Lean text: none that is meant for a reader is larger


def has_statement(record: Mapping[str, Any], accepted: tuple[str, ...]) -> bool:
    """Is there a field that is known to hold a statement?"""
    return any(field in record for field in accepted)


def read_record(
    record: Mapping[str, Any], accepted: tuple[str, ...], where: str, notes: Counter[str]
) -> Problem | Unusable:
    """The problem of a record; `accepted` are the fields of which one has its statement, `where` its file and line."""
    called = ""
    try:
        called = _text(record, "name", FIELDS["name"])
        given = {part: _text(record, part, FIELDS[part]) for part in FIELDS if part not in ("statement", "name")}
        statement = _text(record, "statement", accepted)
        if not statement.strip():
            raise NoText("it has no statement: " + (", ".join(f for f in accepted if f in record) or "no such field"))
        found = _single(given["header"], given["preamble"], statement, notes)
    except NoText as error:
        return Unusable(called or where, str(error), where)
    if isinstance(found, Unusable):
        return replace(found, name=called or found.name or where, source=where)
    return _with(found, called, given, where)


def _single(header: str, preamble: str, statement: str, notes: Counter[str]) -> Problem | Unusable:
    """The one problem of the text. Raises NoText where there is none, or more than one."""
    whole = split_header(statement)[0].strip()  # it brings its own imports
    text = statement if whole else "\n\n".join(part for part in (header, preamble, statement) if part.strip())
    if len(text) > _LARGEST:
        raise NoText(f"its Lean text has {len(text)} characters")
    if unclosed(text) is not None:
        raise NoText("it has a comment that is never closed")
    ahead = [part for part in parts(text) if part.keyword in ("theorem", "lemma")]
    if ahead and ahead[-1].slot is None:  # published without a `:=`
        text = f"{text}\n:= by sorry"
    found = list(read_lean(text, str, notes))
    if len(found) != 1:
        raise NoText(f"it states {len(found)} theorems, not one" if found else "it states no theorem")
    return found[0]


def _with(problem: Problem, called: str, given: Mapping[str, str], where: str) -> Problem:
    """The problem with what the other fields say of it."""
    source = where if called in ("", problem.name) else f"{where} ({called})"
    try:
        truth = Truth(given["truth"] or Truth.UNKNOWN)
    except ValueError:
        truth = Truth.UNKNOWN
    informal = words(given["informal"]).partition("\\begin{proof}")[0].strip()  # its proof is nobody's to see
    return replace(
        problem,
        split=given["split"],
        domain=given["domain"] or problem.domain,
        level=given["level"],
        informal=informal or problem.informal,
        truth=truth,
        source=source,
    )


def _text(record: Mapping[str, Any], part: str, fields: tuple[str, ...]) -> str:
    """The first of the fields that says something; raises NoText where it is no text."""
    for field in fields:
        if (value := record.get(field)) in (None, "", []):
            continue
        if isinstance(value, int | float) and part in ("name", "level"):
            return str(value)
        if isinstance(value, list) and part != "statement" and all(isinstance(item, str) for item in value):
            value = ", ".join(value)
        if not isinstance(value, str):
            raise NoText(f"its field `{field}` is {type(value).__name__}, not a text")
        try:
            return clean(value)
        except NoText as error:
            raise NoText(f"in its field `{field}`, {error}") from None
    return ""
