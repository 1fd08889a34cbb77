"""The transcript of an attempt: exactly what the model saw and said, in order, with its price and its end."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agents.models.base import (
    Block,
    Completion,
    Exchange,
    Limits,
    Message,
    Reply,
    Role,
    Stop,
    Text,
    Thinking,
    Tool,
    ToolResult,
    ToolUse,
)
from prover.errors import JournalError
from prover.journal import Journal, What
from prover.model import Usage
from prover.printable import visible
from prover.transcript import Transcript, read, transcript
from prover.transcript_page import page
from tests.run_events import Story

SYSTEM, ASKED = Message.of(Role.SYSTEM, "You prove theorems."), Message.of(Role.USER, "Prove `a`.\n```lean\nsorry\n```")
USUAL = Limits()
CHECK = Tool("check", "Checks a body.", {"type": "object", "properties": {"body": {"type": "string"}}})


def said(
    *replies: Reply | Block,
    messages: tuple[Message, ...] = (SYSTEM, ASKED),
    continues: int | None = None,
    tools: tuple[Tool, ...] = (),
    limits: Limits = USUAL,
) -> str:
    """An exchange as the journal keeps it."""
    made = [one if isinstance(one, Reply) else Reply(Message(Role.ASSISTANT, (one,))) for one in replies]
    return Exchange(messages, Completion(tuple(made), Usage(), "x-20260101"), limits, "t-1", continues, tools).as_text()


class Talk:
    """A run with one attempt, and what is said in it."""

    def __init__(self) -> None:
        self.story = Story("a")
        self.number = self.story.assign("a", "refiner")
        self.said: dict[int, str] = {}

    def call(self, number: int, exchange: str = "", usage: Usage | None = None, **charge: Any) -> None:
        self.story.pay(self.number, usage=usage, number=number, **charge)
        if exchange:
            self.said[number] = exchange

    @property
    def transcript(self) -> Transcript:
        return transcript(self.story.events, self.said, self.number)

    @property
    def page(self) -> str:
        return page(self.transcript)


def headings(text: str) -> list[str]:
    tokens = MarkdownIt().parse(text)
    return [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"]


def fences(text: str) -> list[str]:
    return [token.content.removesuffix("\n") for token in MarkdownIt().parse(text) if token.type == "fence"]


def conversation() -> Talk:
    """Two calls of a conversation with a tool in between, an answer that never came, a proof, and its merge."""
    talk = Talk()
    use = ToolUse("u1", "check", {"body": ":= by\n  simp", "seconds": 3})
    first = Reply(Message(Role.ASSISTANT, (Thinking("Is it `simp`?", "sig"), Text("I try."), use)), Stop.TOOLS)
    talk.call(0, said(first, tools=(CHECK,)), Usage(500, 40, 0, 1200), dollars=0.0125, model="anthropic:x")
    talk.call(1, tokens=17_000, dollars=0.5)
    result = Message(Role.USER, (ToolResult("u1", "unsolved goals\n⊢ False", failed=True),))
    talk.call(1, said(Text("Done."), messages=(result,), continues=0), Usage(90, 12, 1200), dollars=None)
    talk.story.merge(talk.story.accept(talk.story.propose(talk.number)))
    return talk


# What was said


def test_a_conversation_is_told_in_its_order_and_nothing_twice() -> None:
    assert headings(conversation().page) == [
        "Attempt 1 at `a`",
        "Call 0",
        "Tools",
        "System",
        "User",
        "Assistant",
        "Call 1",
        "Call 1, tried again (2)",
        "User",
        "Assistant",
        "Proposal",
        "Verdict: proved",
        "Merged",
    ]


def test_every_text_stands_there_as_it_was() -> None:
    text = conversation().page
    assert fences(text)[:1] == ["Checks a body."]
    assert fences(text)[2:] == [
        "You prove theorems.",
        "Prove `a`.\n```lean\nsorry\n```",
        "Is it `simp`?",
        "I try.",
        ":= by\n  simp",
        "unsolved goals\n⊢ False",
        "Done.",
        ":= by simp",
        "it is proved",
    ]
    assert "**Thinking**, 13 characters.\n\n<details>" in text
    assert "**Uses** `check` (`u1`)" in text
    assert "`seconds`: `3`" in text
    assert "**Failure** of `u1`" in text
    assert "It goes on after call 0 and its first reply." in text


def test_each_call_has_its_price_and_the_attempt_their_sum() -> None:
    text = conversation().page
    assert "`anthropic:x`, prompt `test-1`, 2.0 s: 500 in, 40 out, 1.2 K written to the cache, $0.0125." in text
    assert "The server calls the model `x-20260101`." in text
    assert "**There was no answer.** Charged: 17,000 tokens, $0.50. Nobody knows what it used" in text
    assert "90 in, 12 out, 1.2 K read from the cache, 1.3 K tokens of unknown price." in text
    sum_ = "590 in, 52 out, 1.2 K read from the cache, 1.2 K written to the cache"
    assert f"- paid: 20.0 K tokens ({sum_}), $0.51 and 1.3 K tokens of unknown price, in 3 calls" in text


def test_a_call_that_was_refused_before_any_work_was_free() -> None:
    talk = Talk()
    talk.call(0, usage=Usage())
    assert "**There was no answer.** Nothing was charged." in talk.page


def test_several_replies_are_numbered_and_what_they_lack_is_said() -> None:
    talk = Talk()
    cut = Reply(Message.of(Role.ASSISTANT, "one"), Stop.LENGTH, -1.25)
    talk.call(0, said(cut, Text("two"), Reply(Message(Role.ASSISTANT, ()), Stop.REFUSED)))
    text = talk.page
    assert [one for one in headings(text) if "reply" in one] == [f"Assistant, reply {n} of 3" for n in (1, 2, 3)]
    assert "It breaks off: its tokens were used up." in text
    assert "Its log probability is -1.250." in text
    assert "*It is empty.*\n\n*The model or its server would not say more.*" in text


def test_samples_that_took_several_requests_show_what_they_all_saw_once() -> None:
    talk = Talk()
    for number in range(3):
        talk.call(number, said(Text(f"sample {number}")))
    text = talk.page
    assert text.count("You prove theorems.") == 1
    assert text.count("It saw what call 0 saw.") == 2
    assert [one for one in fences(text) if one.startswith("sample")] == ["sample 0", "sample 1", "sample 2"]


def test_how_the_model_was_to_answer_is_said_where_it_is_unusual() -> None:
    talk = Talk()
    talk.call(0, said(Text("x"), limits=Limits(max_tokens=7, temperature=0.0, stop=("```",), raw=True)))
    asked = 'max_tokens `7`, seconds `600.0`, temperature `0.0`, stop ````["```"]````, raw `true`'
    assert f"Asked for: {asked}." in talk.page


def test_thinking_that_is_kept_from_us_is_said_to_be() -> None:
    talk = Talk()
    talk.call(0, said(Thinking("", "opaque", hidden=True)))
    assert "**Thinking** that the server keeps to itself." in talk.page
    assert "opaque" not in talk.page


broken = st.text(st.sampled_from("`~#<>|\n\r\t \x1b\x9b\u202eab\\$*_[]"))


@given(broken, broken, broken)
def test_whatever_a_model_says_the_page_keeps_its_shape(text: str, name: str, value: str) -> None:
    def talk(text: str, name: str, value: str) -> str:
        made = Talk()
        use = ToolUse(name, name, {name: value})
        reply = Reply(Message(Role.ASSISTANT, (Text(text), Thinking(text), use, ToolResult(name, text))))
        made.call(0, said(reply, messages=(Message.of(Role.USER, text),)), model=name, prompt=name)
        made.story.nothing(made.number)
        return made.page

    def shape(text: str) -> list[str]:
        return [token.type for token in MarkdownIt().parse(text)]

    shown = talk(text, name, value)
    several = "a\nb" if "\n" in value else "a"
    assert shape(shown) == shape(talk("a", "a", several))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", shown)
    assert fences(shown).count(visible(text)) >= 4


# How it ended


@pytest.mark.parametrize(
    ("end", "heading", "says"),
    [
        (lambda s, n: s.nothing(n, fault="limit"), "No proposal", "`found nothing`. Fault: limit."),
        (lambda s, n: s.nothing(n), "No proposal", "`found nothing`."),
        (lambda s, n: s.drop(n, "lost a race"), "Dropped", "`lost a race`."),
        (lambda s, n: None, "Not over yet", "- ended: under way"),
        (
            lambda s, n: s.judge(s.propose(n), "rejected", ["AXIOM"], rests_on=["b"]),
            "Verdict: rejected",
            "- reasons: `AXIOM`\n- rests on what is open: `b`\n- time of the judge: 2.0 s",
        ),
        (
            lambda s, n: s.judge(s.propose(n), "crashed", final=False),
            "Verdict: crashed, and judged again",
            "it is crashed",
        ),
    ],
)
def test_the_end_is_told(end: Any, heading: str, says: str) -> None:
    talk = Talk()
    end(talk.story, talk.number)
    assert headings(talk.page)[-1] == heading
    assert says in talk.page


def test_an_attempt_without_a_model_has_its_history_and_its_helpers() -> None:
    story = Story("a")
    number = story.assign("a")
    text = {"body": ":= a.helper.one", "helpers": "theorem a.helper.one : True := sorry", "splits": True}
    history = ["`simp` leaves a goal", "split it"]
    story.add(What.PROPOSED, **story.attempts[number], **text, history=history, seconds=1.5)
    shown = page(transcript(story.events, {}, number))
    assert headings(shown)[1:] == [
        "How the agent came to its proposal",
        "Proposal, with lemmas that are still to be proved",
        "Not over yet",
    ]
    assert fences(shown) == ["\n".join(history), text["helpers"], text["body"]]
    assert "- paid: nothing: no model was called\n- time of the agent: 1.5 s" in shown


# From the journal


def kept(talk: Talk, path: Path) -> Journal:
    journal = Journal.create(path)
    for event in talk.story.events:
        exchange = talk.said.get(event.data["number"], "") if event.what is What.SPENT else ""
        journal.extend([(event.what, event.data)], exchange)
    return journal


def test_a_transcript_is_read_from_a_journal_that_its_run_is_writing(tmp_path: Path) -> None:
    talk = conversation()
    with kept(talk, tmp_path / "journal.sqlite") as writing:
        shown = read(writing.path, talk.number)
        with Journal.read(writing.path) as reading, reading.moment():
            before = list(reading.events())
            writing.append(What.ENDED, why="done")
            assert list(reading.events()) == before
        writing.append(What.ENDED, why="done again")
    assert page(shown) == talk.page


def test_json_has_all_of_it(tmp_path: Path) -> None:
    plain = conversation().transcript.as_json()
    assert (plain["attempt"], plain["group"], plain["proposal"]["body"]) == (1, "proved", ":= by simp")
    assert [(call["number"], call["tried"], call["known"]) for call in plain["calls"]] == [
        (0, 1, True),
        (1, 1, False),
        (1, 2, True),
    ]
    assert plain["calls"][0]["exchange"]["completion"]["replies"][0]["message"]["blocks"][0]["text"] == "Is it `simp`?"
    assert plain["calls"][1]["exchange"] is None
    assert plain["spent"]["usage"] == {"input": 590, "output": 52, "cache_read": 1200, "cache_write": 1200}
    assert [end["what"] for end in plain["ends"]] == ["judged", "merged"]


def test_an_attempt_that_is_none_is_said_in_one_line_with_what_to_do() -> None:
    with pytest.raises(JournalError, match="run run-1 has no attempt 7") as caught:
        transcript(conversation().story.events, {}, 7)
    assert "prover show" in caught.value.remedy


def test_an_exchange_that_cannot_be_read_is_named() -> None:
    talk = Talk()
    talk.call(0, '{"messages": ')
    with pytest.raises(JournalError, match="what was said in call 0 of attempt 1 cannot be read"):
        assert talk.transcript
