"""What a server's failure is to us, as far as it can be said without a server; the providers' tests do the rest."""

import math
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.models.faults import Server, of_status, retry_after
from prover.errors import AgentError, AgentMisconfigured, AgentRefused, AgentUnavailable

KEY = "sk-ant-api03-secret"
ENDPOINT = Server("anthropic:claude-opus-4-5", "https://api.anthropic.com", "ANTHROPIC_API_KEY", KEY)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@given(st.integers(0, 10_000))
def test_a_server_asks_for_seconds_or_names_a_time(seconds: int) -> None:
    date = format_datetime(NOON + timedelta(seconds=seconds), usegmt=True)
    assert retry_after({"retry-after": str(seconds)}, NOON) == seconds
    assert retry_after({"retry-after": date}, NOON) == seconds
    assert retry_after({"retry-after-ms": str(seconds), "retry-after": "1"}, NOON) == seconds / 1000


def test_a_time_that_is_over_is_now() -> None:
    assert retry_after({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}, NOON) == 0


@given(st.text() | st.floats().map(str))
def test_whatever_stands_in_the_header_a_wait_is_finite_and_not_negative(text: str) -> None:
    for header in ("retry-after", "retry-after-ms"):
        wait = retry_after({header: text}, NOON)
        assert math.isfinite(wait)
        assert wait >= 0


@given(st.integers(200, 599), st.text(), st.text())
def test_a_key_that_a_server_echoes_stands_in_no_error(status: int, before: str, after: str) -> None:
    error = of_status(ENDPOINT, status, before + KEY + after)
    assert KEY not in str(error) + error.remedy
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, AgentRefused),
        (401, AgentMisconfigured),
        (402, AgentMisconfigured),
        (403, AgentMisconfigured),
        (404, AgentMisconfigured),
        (408, AgentUnavailable),
        (409, AgentUnavailable),
        (413, AgentRefused),
        (422, AgentRefused),
        (429, AgentUnavailable),
        (500, AgentUnavailable),
        (502, AgentUnavailable),
        (529, AgentUnavailable),
    ],
)
def test_a_status_says_whether_waiting_helps_or_somebody_must_act_or_nothing_helps(
    status: int, kind: type[AgentError]
) -> None:
    assert type(of_status(ENDPOINT, status, "no")) is kind


@pytest.mark.parametrize(("status", "free"), [(429, True), (500, True), (529, True), (502, False), (504, False)])
def test_a_gateway_may_have_passed_the_request_on_so_its_failure_is_not_free(status: int, free: bool) -> None:
    error = of_status(ENDPOINT, status, "no", after=3)
    assert isinstance(error, AgentUnavailable)
    assert (error.free, error.after) == (free, 3)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "Your credit balance is too low to access the Anthropic API."),
        (429, "insufficient_quota: You exceeded your current quota"),
        (429, "rate_limit_error: enforced_spend_limit_reached: no more this month"),
    ],
)
def test_an_empty_account_is_not_waited_for(status: int, words: str) -> None:
    assert isinstance(of_status(ENDPOINT, status, words), AgentMisconfigured)


def test_printing_an_endpoint_does_not_print_its_key() -> None:
    assert KEY not in repr(ENDPOINT)


@pytest.mark.parametrize("key", ["two words", "line\n", "schlüssel", "\x00"])
def test_what_cannot_be_a_key_is_refused_before_it_is_sent(key: str) -> None:
    with pytest.raises(AgentMisconfigured) as caught:
        Server("m", "http://host", "ANTHROPIC_API_KEY", key).checked_key()
    assert key not in str(caught.value)
