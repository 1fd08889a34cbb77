"""May an attempt that splits leave its declaration open, resting on new lemmas of its own?

It may when these lemmas are all that is missing, when it needs each of them, and when none of them says what was to be
proved in the first place: then work can go on at the lemmas, and when they are proved the declaration is. A lemma that
is false wastes work and endangers nothing. Pure functions of compiled data; called by the audit, which asks all else of
a reduction that it asks of a proof.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from prover.judge.finding import Finding
from prover.judge.scope import HELPER, is_helper
from prover.judge.subsumption import is_false, subsumes
from prover.lean.environment import Environment
from prover.lean.expr import applied
from prover.lean.name import SORRY, Name
from prover.model import Kind, Reason

MAX_LEMMAS = 8  # open ones, in one attempt
MAX_DEPTH = 3  # how often `helper` may stand in a lemma's name
_NOT = Name(("Not",))


def open_lemmas(
    splits: Collection[str], was: Mapping[str, Name], now: Mapping[str, Name], after: Environment
) -> dict[str, frozenset[str]]:
    """For each of the declarations `splits` that are still there, the new declarations in its namespace that have a
    hole, if any. One below several of them belongs to the nearest."""
    owners = {now[name].user: name for name in splits if name in now}
    found: dict[str, set[str]] = {}
    for name in now.keys() - was.keys():
        user = now[name].user
        prefixes = (user[:size] for size in range(len(user) - 1, 0, -1) if user[size] == HELPER)
        owner = next((owners[Name(prefix)] for prefix in prefixes if Name(prefix) in owners), None)
        if owner is not None and after.has_hole(now[name]):
            found.setdefault(owner, set()).add(name)
    return {owner: frozenset(lemmas) for owner, lemmas in found.items()}


def reduction(
    name: str,
    lemmas: Collection[str],
    was: Mapping[str, Name],
    now: Mapping[str, Name],
    before: Environment,
    after: Environment,
) -> Iterator[Finding]:
    """What is wrong with resting `name` on `lemmas`, the new open declarations in its namespace."""
    if len(lemmas) > MAX_LEMMAS:
        yield Finding(Reason.SCOPE, f"it leaves {len(lemmas)} lemmas open, more than {MAX_LEMMAS}")
    if not _is_hole(was[name], was, before):
        yield Finding(Reason.SORRY, f"{name} was complete itself, and now rests on new open lemmas")
    for lemma in sorted(lemmas):
        yield from _form(lemma, now[lemma], now[name], after)
        yield from _content(lemma, name, now, after)
    yield from _holes(name, lemmas, now, before, after)
    yield from _unneeded(name, was, now, after)


def _is_hole(name: Name, was: Mapping[str, Name], before: Environment) -> bool:
    """Has it a hole of its own? What is proved, or reduced already, is not to be opened again."""
    made = before.reached(name) & before.constants.keys() - (set(was.values()) - {name})
    return any(other.user[: len(name.user)] == name.user and before.has_hole(other) for other in made)


def _form(lemma: str, name: Name, owner: Name, after: Environment) -> Iterator[Finding]:
    """An open lemma is attempted like any theorem: it must be one, with a name that a source writes."""
    if any(constant.kind is not Kind.THEOREM for constant in after.constants[name]):
        yield Finding(Reason.SORRY, f"{lemma}, which it adds, has a hole and is no theorem")
    own = name.user[len(owner.user) + 1 :]
    seen = owner[: len(owner) - len(owner.user)] == name[: len(name) - len(name.user)]  # private only if both are
    plain = (isinstance(part, str) and part[:1] not in ("_", "") and part.isprintable() for part in own)
    if not seen or not own or HELPER in own or not all(plain):
        yield Finding(Reason.SCOPE, f"{lemma} is no name for an open lemma; NAME.helper.LEMMA is, as visible as NAME")
    if name.user.count(HELPER) > MAX_DEPTH:
        yield Finding(Reason.SCOPE, f"{lemma} is a lemma of lemmas, more than {MAX_DEPTH} deep")


def _content(lemma: str, name: str, now: Mapping[str, Name], after: Environment) -> Iterator[Finding]:
    """A lemma must be settled in what it says, and say something else than whatever it is there to prove."""
    if SORRY in after.meaning(now[lemma]):
        yield Finding(Reason.SORRY, f"the statement of {lemma} has a hole")
        return
    stated = after.constants[now[lemma]][0].type
    if is_false(stated):
        yield Finding(Reason.SORRY, f"{lemma} says False")
    head, arguments = applied(stated)
    for above in _above(now[lemma], now[name], now):
        goal = after.constants[above][0].type
        if subsumes(stated, goal):
            yield Finding(Reason.SORRY, f"{lemma} says as much as {above.user} itself")
        if head == _NOT and any(subsumes(goal, denied) for denied in arguments):
            yield Finding(Reason.SORRY, f"{lemma} denies {above.user}")


def _above(lemma: Name, name: Name, now: Mapping[str, Name]) -> Iterator[Name]:
    """The declaration, and those that it was made for as a lemma itself."""
    users = {constant.user: constant for constant in now.values()}
    prefixes = (Name(lemma.user[:place]) for place, part in enumerate(lemma.user) if part == HELPER)
    yield name
    yield from (users[prefix] for prefix in prefixes if prefix in users and users[prefix] != name)


def _holes(
    name: str, lemmas: Collection[str], now: Mapping[str, Name], before: Environment, after: Environment
) -> Iterator[Finding]:
    """The holes that are not the lemmas' own: in what else it rests on, and in what Lean has made for any of them."""
    own, shown = now[name].user, {constant: text for text, constant in now.items()}
    made = {new for new in after.constants.keys() - before.constants.keys() if new.user[: len(own)] == own}
    below = (after.reached(now[name]) | made) & after.constants.keys() - {now[lemma] for lemma in lemmas}
    for other in sorted(filter(after.has_hole, below), key=str):
        foreign = other in shown and other != now[name]
        said = f"it rests on the open {shown[other]}" if foreign else "it has a hole outside of its open lemmas"
        yield Finding(Reason.SORRY, said)


def _unneeded(name: str, was: Mapping[str, Name], now: Mapping[str, Name], after: Environment) -> Iterator[Finding]:
    """A lemma that the proof does not need is no progress, and nobody would know when to stop."""
    reached = after.reached(now[name])
    for text in sorted(now.keys() - was.keys()):
        if is_helper(now[text], now[name]) and now[text] not in reached:
            yield Finding(Reason.SCOPE, f"it adds {text}, which its proof does not need")
