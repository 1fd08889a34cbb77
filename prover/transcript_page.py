"""The transcript of an attempt as one Markdown text: exactly what the model saw and said, in order, with its price.

Nothing that a model or Lean has said can break the page or reach a terminal raw: see `prover.printable`. Called by
`prover.show_cli`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields

from agents.models.base import (
    Block,
    Exchange,
    Limits,
    Message,
    Reply,
    Stop,
    Text,
    Thinking,
    Tool,
    ToolResult,
    ToolUse,
)
from prover.journal import Event, What
from prover.model import Attempt, Spent
from prover.printable import fenced, span
from prover.report.tables import words
from prover.transcript import Made, Transcript
from prover.units import duration, kinds, money, paid

_USUAL, _BOUNDS = Limits(), ("max_tokens", "seconds")
_STOPS = {
    Stop.LENGTH: "It breaks off: its tokens were used up.",
    Stop.REFUSED: "The model or its server would not say more.",
}


def page(shown: Transcript) -> str:
    """The whole text."""
    parts = [_head(shown), *_conversation(shown.calls), *_proposal(shown.proposal), *_ends(shown)]
    return "\n\n".join(parts) + "\n"


def _head(shown: Transcript) -> str:
    flight, spent = shown.ended.flight, shown.ended.spent
    rows = {
        "agent": span(flight.agent),
        "ended": words(shown.ended.was),
        "paid": paid(spent) or "nothing: no model was called",
        "time of the agent": duration(spent.seconds),
        "run": f"{span(shown.run)}, from commit {span(flight.base)}",
    }
    lines = "\n".join(f"- {name}: {value}" for name, value in rows.items())
    return f"# Attempt {flight.number} at {span(flight.declaration)}\n\n{lines}"


def _conversation(calls: Sequence[Made]) -> Iterator[str]:
    """All calls; messages that an earlier one had word for word are not repeated."""
    seen: list[tuple[Exchange, int]] = []
    for call in calls:
        again = f", tried again ({call.tried})" if call.tried > 1 else ""
        yield f"## Call {call.number}{again}"
        yield _charge(call)
        if call.exchange is None:
            continue
        yield from _seen(call.exchange, seen)
        yield from _said(call.exchange)
        seen.append((call.exchange, call.number))


def _charge(call: Made) -> str:
    """Who was asked, and what it cost."""
    prompt = f", prompt {span(call.prompt)}" if call.prompt else ""
    who = f"{span(call.model)}{prompt}, {duration(call.spent.seconds)}"
    if call.exchange is None:
        return f"{who}. **There was no answer.** {_charged_for_nothing(call)}"
    answered = call.exchange.completion.model
    server = f" The server calls the model {span(answered)}." if answered and answered != call.model else ""
    return f"{who}: {_cost(call.spent)}.{'' if call.known else _AT_MOST}{server}"


_AT_MOST = " Nobody knows what it used; this is the most that it can have been."


def _charged_for_nothing(call: Made) -> str:
    if call.known and not call.spent.tokens:
        return "Nothing was charged."
    return f"Charged: {_cost(call.spent)}.{'' if call.known else _AT_MOST}"


def _cost(spent: Spent) -> str:
    return f"{kinds(spent.usage) or f'{spent.tokens:,} tokens'}, {money(spent.dollars, spent.unpriced)}"


def _seen(exchange: Exchange, before: Sequence[tuple[Exchange, int]]) -> Iterator[str]:
    """What the model saw, as far as it is new, and how it was to answer."""
    yield f"Asked for: {_limits(exchange.limits)}."
    if exchange.continues is not None:
        yield f"It goes on after call {exchange.continues} and its first reply."
    key = _what_it_saw(exchange)
    if same := [number for one, number in before if _what_it_saw(one) == key]:
        yield f"It saw what call {same[0]} saw."
        return
    if exchange.tools:
        names = ", ".join(span(tool.name) for tool in exchange.tools)
        yield _folded(f"### Tools\n\n{names}", "\n\n".join(map(_tool, exchange.tools)))
    for message in exchange.messages:
        yield f"### {message.role.value.capitalize()}"
        yield from _message(message)


def _what_it_saw(exchange: Exchange) -> tuple[int | None, Sequence[Tool], Sequence[Message]]:
    return exchange.continues, exchange.tools, exchange.messages


def _limits(limits: Limits) -> str:
    """The bounds, and whatever else the agent has asked for."""
    given = {field.name: getattr(limits, field.name) for field in fields(limits)}
    asked = {name: value for name, value in given.items() if name in _BOUNDS or value != getattr(_USUAL, name)}
    return ", ".join(f"{name} {span(_json(value))}" for name, value in asked.items())


def _json(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _tool(tool: Tool) -> str:
    return f"{span(tool.name)}\n\n{fenced(tool.description)}\n\n{fenced(_json(tool.parameters, 2), 'json')}"


def _said(exchange: Exchange) -> Iterator[str]:
    """The replies; several of them numbered."""
    replies = exchange.completion.replies
    for place, reply in enumerate(replies, start=1):
        yield "### Assistant" if len(replies) == 1 else f"### Assistant, reply {place} of {len(replies)}"
        yield from _message(reply.message)
        yield from _notes(reply)


def _notes(reply: Reply) -> Iterator[str]:
    if reply.stop in _STOPS:
        yield f"*{_STOPS[reply.stop]}*"
    if reply.logprob is not None:
        yield f"*Its log probability is {reply.logprob:.3f}.*"


def _message(message: Message) -> Iterator[str]:
    if not message.blocks:
        yield "*It is empty.*"
    for block in message.blocks:
        yield _block(block)


def _block(block: Block) -> str:
    match block:
        case Text(text=text):
            return fenced(text)
        case Thinking(hidden=True):
            return "**Thinking** that the server keeps to itself."
        case Thinking(text=text):
            return _folded(f"**Thinking**, {len(text):,} characters.", fenced(text))
        case ToolUse():
            return f"**Uses** {span(block.name)} ({span(block.id)}){_arguments(block.input)}"
        case ToolResult():
            return f"**{'Failure' if block.failed else 'Result'}** of {span(block.id)}\n\n{fenced(block.text)}"


def _arguments(given: Mapping[str, object]) -> str:
    """Each as JSON; a text of several lines as it is."""
    parts = []
    for name, value in given.items():
        several = isinstance(value, str) and "\n" in value
        parts.append(f"\n\n{span(name)}: " + (f"\n\n{fenced(str(value))}" if several else span(_json(value))))
    return "".join(parts)


def _folded(head: str, body: str) -> str:
    """Folded where a browser shows it, and complete everywhere."""
    return f"{head}\n\n<details><summary>Unfold</summary>\n\n{body}\n\n</details>"


def _proposal(made: Attempt | None) -> Iterator[str]:
    if made is None:
        return
    if made.history:
        yield "## How the agent came to its proposal"
        yield fenced("\n".join(made.history))
    yield "## Proposal" + (", with lemmas that are still to be proved" if made.splits else "")
    if made.helpers:
        yield "Before the declaration:"
        yield fenced(made.helpers, "lean")
    yield f"For the slot of {span(made.declaration)}:"
    yield fenced(made.body, "lean")


def _ends(shown: Transcript) -> Iterator[str]:
    for event in shown.ends:
        yield from _judged(event) if event.what is What.JUDGED else _other(event, shown.branch)
    if not shown.ends:
        yield "## Not over yet"


def _other(event: Event, branch: str) -> Iterator[str]:
    data = event.data
    if event.what is What.MERGED:
        yield "## Merged"
        yield f"Commit {span(data['commit'])} on branch {span(branch)}."
        return
    fault = f" Fault: {data['fault']}." if data.get("fault") else ""
    yield "## No proposal" if event.what is What.NOTHING else "## Dropped"
    yield f"{span(data['why'])}.{fault}"


def _judged(event: Event) -> Iterator[str]:
    data = event.data
    again = "" if data["final"] or data["commit"] else ", and judged again"
    yield f"## Verdict: {data['outcome']}{again}"
    rows = {
        "reasons": ", ".join(map(span, data["reasons"])),
        "rests on what is open": ", ".join(map(span, data["rests_on"])),
        "time of the judge": duration(data["seconds"]),
    }
    yield "\n".join(f"- {name}: {value}" for name, value in rows.items() if value)
    if data["explanation"]:
        yield fenced(data["explanation"])
