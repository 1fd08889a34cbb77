"""What a server's failure means to whoever asked: the errors of both SDKs, and of the connection under them, as ours.

The Anthropic and the OpenAI SDK have errors of the same shape, and both send through httpx2. A key never stands in an
error: servers echo it, so it is struck out of whatever they say. Called by the providers of this folder.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from prover.errors import AgentError, AgentMisconfigured, AgentRefused, AgentUnavailable

_LONGEST = 300  # characters of what a server says
_REFUSED_BEFORE_ANY_WORK = frozenset({429, 500, 503, 529})
_LATER = frozenset({408, 409, 425, 429})
# Codes and wordings that come as 400 or 429, and are about the account: waiting does not help.
_ACCOUNT = ("credit balance", "insufficient_quota", "billing", "spend_limit_reached")
# What an SDK falls over when a server's JSON is not what it ought to be: it builds its objects unchecked.
_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, RuntimeError, AssertionError)


@dataclass(frozen=True, slots=True)
class Server:
    """Who is asked, as errors name it; `variable` is where the key comes from, `key` is None where none is needed."""

    name: str  # of the model, as the user called it
    url: str
    variable: str
    key: str | None = field(default=None, repr=False)

    def checked_key(self) -> str:
        """The key as a header can carry it; raises AgentMisconfigured where there is none or it cannot be one."""
        if not self.key:
            raise AgentMisconfigured(f"{self.name}: there is no key", f"set {self.variable}, or put it into .env")
        if not (self.key.isascii() and self.key.isprintable() and " " not in self.key):
            raise AgentMisconfigured(
                f"{self.name}: {self.variable} has characters that no key has", "copy the key once more, without quotes"
            )
        return self.key

    def says(self, text: str) -> str:
        """One line with the endpoint's name, without the key, and not too long."""
        line = " ".join(text.split())
        if self.key:
            line = line.replace(self.key, "[key]")
        return f"{self.name}: {line if len(line) <= _LONGEST else line[:_LONGEST] + '…'}"


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float:
    """Seconds that the server asks to wait, 0 if it does not say.

    `retry-after` has seconds or a date (RFC 9110, 10.2.3); `retry-after-ms` is believed first, as in the SDKs.
    """
    if "retry-after-ms" in headers:
        return _seconds(headers["retry-after-ms"]) / 1000
    value = headers.get("retry-after", "")
    return _seconds(value) or _until(value, now or datetime.now(UTC))


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return max(0.0, number) if math.isfinite(number) else 0.0


def _until(text: str, now: datetime) -> float:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds())


@contextmanager
def translated(sdk: Any, endpoint: Server) -> Iterator[None]:
    """Within it, what the SDK `sdk` (the module) raises for one request becomes one of our errors, without a cause.

    The original has the key in its request, so it is not kept. Raises AgentUnavailable, AgentMisconfigured or
    AgentRefused; what is ours already passes.
    """
    import httpx2

    try:
        yield
    except AgentError:
        raise
    except sdk.APIStatusError as error:
        raise of_status(endpoint, error.status_code, said(error.body), retry_after(error.response.headers)) from None
    except sdk.APIConnectionError as error:
        raise _of_connection(endpoint, error.__cause__ or error) from None
    except httpx2.TransportError as error:
        raise _of_connection(endpoint, error) from None
    except sdk.APIError as error:  # an event of the stream, or a body that is not as the API has it
        raise AgentUnavailable(endpoint.says(f"the answer broke off: {said(error.body)}")) from None
    except _MALFORMED as error:
        raise AgentUnavailable(endpoint.says(f"the answer is malformed ({type(error).__name__})")) from None


@asynccontextmanager
async def within(seconds: float, endpoint: Server) -> AsyncIterator[None]:
    """The wall limit of one call; AgentUnavailable, and perhaps charged, when it is over."""
    try:
        async with asyncio.timeout(seconds) as wall:
            yield
    except TimeoutError:
        if not wall.expired():
            raise
        remedy = "allow a call more seconds (call_seconds), or fewer tokens (max_tokens)"
        raise AgentUnavailable(endpoint.says(f"no answer within {seconds:g} s"), remedy) from None


def of_status(endpoint: Server, status: int, words: str, after: float = 0.0) -> AgentError:
    """For an answer with an error's status, or for an error within a stream that began with 200."""
    line = endpoint.says(f"{status} {words}")
    if status < 400:
        return AgentUnavailable(endpoint.says(f"the answer broke off: {words}"), after=after)
    if status == 401:
        return AgentMisconfigured(line, f"check the key in {endpoint.variable}")
    if status in (402, 403) or (status in (400, 429) and any(word in words for word in _ACCOUNT)):
        return AgentMisconfigured(line, f"see to the account of {endpoint.variable}, or choose another model")
    if status == 404:
        return AgentMisconfigured(line, f"check the model's name and the address, {endpoint.url}")
    if status in _LATER or status >= 500:
        return AgentUnavailable(line, after=after, free=status in _REFUSED_BEFORE_ANY_WORK)
    return AgentRefused(line, "another request may be answered: a shorter one, say")


def _of_connection(endpoint: Server, error: BaseException) -> AgentError:
    """For a request without a whole answer; only one that never reached the server is surely free."""
    import httpx2

    if isinstance(error, httpx2.UnsupportedProtocol):
        return AgentMisconfigured(endpoint.says(str(error)), "check the address: it begins with http:// or https://")
    never_sent = isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout)
    if never_sent:
        remedy = "see whether the server runs, and whether the address in the model's name is right"
        return AgentUnavailable(endpoint.says(f"{endpoint.url} cannot be reached: {error}"), remedy, free=True)
    if isinstance(error, httpx2.TimeoutException):
        return AgentUnavailable(endpoint.says(f"no answer in time from {endpoint.url}"))
    return AgentUnavailable(endpoint.says(f"the connection to {endpoint.url} broke off: {error}"))


def said(body: object) -> str:
    """What a server says of an error: type, code and message of the body, else the beginning of whatever it sent."""
    inner = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(inner, dict):
        return str(inner or "without a word")
    words = (inner.get(key) for key in ("type", "code", "message"))
    return ": ".join(str(word) for word in words if word) or "without a word"
