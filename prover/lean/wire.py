"""JSON-RPC messages on a pair of pipes, framed as LSP 3.17 frames them ("Base Protocol").

Reads one message, writes one message, and refuses what is neither; knows no method and no Lean. Used by
`prover.lean.worker`. The client of pygls was tried and left: it skips bytes that are no header, so that a worker that
prints garbage looks like a slow one; it meets the late answer to a cancelled request with a traceback on stderr; it
opens a pipe for stderr and never reads it. The types on top are those of lsprotocol.
"""

from __future__ import annotations

import json
import re
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from typing import Any

Json = dict[str, Any]

MAXIMUM = 64 << 20  # bytes of one message; Lean's longest are a few hundred kB
_LENGTH = re.compile(rb"Content-Length: *(\d{1,12})\r\n", re.IGNORECASE)
_OTHER = re.compile(rb"Content-Type: *[^\r\n]*\r\n", re.IGNORECASE)


class Broken(Exception):
    """What came is not the protocol; the message says what was wrong."""


class Wire:
    """The two ends of a conversation.

    A cancelled `receive` loses nothing: what it had read of a message is kept for the next one.
    """

    def __init__(self, incoming: StreamReader, outgoing: StreamWriter) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        # How far `receive` has got with a message; kept here so that it can be cancelled between two reads.
        self._length: int | None = None
        self._in_body = False

    def send(self, message: Json) -> None:
        """Queue one message. The pipe is written by the event loop; a dead reader shows at the next `receive`."""
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
        # No drain: it would wait for a peer that itself may be waiting for us to read.
        self._outgoing.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def receive(self) -> Json | None:
        """The next message, or None where the other side has closed its end between two messages.

        Raises Broken for bytes that are no message, and for a message that is cut off.
        """
        while not self._in_body:
            line = await self._read_line()
            if not line and self._length is None:
                return None
            self._take_header(line)
        assert self._length is not None
        try:
            body = await self._incoming.readexactly(self._length)
        except IncompleteReadError as error:
            raise Broken(f"a message ends after {len(error.partial)} of {self._length} bytes") from error
        self._length, self._in_body = None, False
        return _parse(body)

    def _take_header(self, line: bytes) -> None:
        """Learn from one line of a header; the empty one ends it."""
        if match := _LENGTH.fullmatch(line):
            self._length = int(match[1])
            if self._length > MAXIMUM:
                raise Broken(f"a message of {self._length} bytes is longer than any that Lean sends")
        elif line == b"\r\n" and self._length is not None:
            self._in_body = True
        elif not _OTHER.fullmatch(line):
            raise Broken(f"{line[:60]!r} is no header")

    async def _read_line(self) -> bytes:
        try:
            return await self._incoming.readline()
        except ValueError as error:  # longer than the reader's buffer
            raise Broken("a header line does not end") from error


def _parse(body: bytes) -> Json:
    try:
        message = json.loads(body)
    except ValueError as error:  # also bytes that are no UTF-8
        raise Broken(f"{body[:60]!r} is no JSON") from error
    if not isinstance(message, dict):
        raise Broken(f"{body[:60]!r} is no JSON-RPC message")
    return message
