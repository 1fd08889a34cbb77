"""What has been tried on a declaration and why it failed, for the next prompt: a summary of bounded length.

The most telling first: proofs that the judge has seen, then attempts that found none; within each the newest first.
What failed in the same way is told once, with how often.
"""

from __future__ import annotations

from collections.abc import Sequence

from agents.asking import shortened
from prover.model import Tried

_MOST = 6_000  # characters of the whole summary
_WHY, _BODY = 500, 1_200  # characters of one reason, of one proof


def summary(earlier: Sequence[Tried], most: int = _MOST) -> str:
    """In words, as markdown; empty where nothing has been tried."""
    parts: list[str] = []
    groups = _groups(earlier)
    left = most
    for same in groups:
        told = _told(same)
        if len(told) > left:
            break
        parts.append(told)
        left -= len(told) + 2
    if len(parts) < len(groups):
        rest = sum(map(len, groups[len(parts) :]))
        parts.append(f"({rest} more {'attempt is' if rest == 1 else 'attempts are'} left out.)")
    return "\n\n".join(parts)


def _groups(earlier: Sequence[Tried]) -> list[list[Tried]]:
    """Attempts that failed alike, the newest of each first; in the order in which they are told."""
    alike: dict[tuple[str, str, str], list[Tried]] = {}
    for tried in reversed(earlier):
        kind = tried.agent.partition("=")[0]
        alike.setdefault(("" if tried.body else kind, _squeezed(tried.body), _squeezed(tried.why)), []).append(tried)
    return sorted(alike.values(), key=lambda same: not same[0].body)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _told(same: Sequence[Tried]) -> str:
    tried = same[0]
    times = f" ({len(same)} times)" if len(same) > 1 else ""
    why = shortened(_squeezed(tried.why), _WHY)
    if not tried.body:
        return f"- {tried.agent} found no proof{times}: {why or 'it did not say why'}"
    rests = f" It rests on what is not proved: {', '.join(sorted(tried.rests_on))}." if tried.rests_on else ""
    body = shortened(tried.body.strip(), _BODY)
    return f"- This proof was {_ENDED.get(tried.ended, tried.ended)}{times}: {why}{rests}\n\n```lean\n{body}\n```"


_ENDED = {
    "rejected": "refused by the judge",
    "resource": "given up, since it needs too much time or memory",
    "crashed": "lost, since Lean crashed on it",
    "reduced": "taken as a step, but what it leaves open is not proved yet",
}
