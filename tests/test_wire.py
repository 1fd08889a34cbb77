"""Messages on the wire: whole ones are read, however they come, and everything else is refused."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from prover.lean.wire import Broken, Json, Wire


class Sink:
    """Collects what is written, where a StreamWriter would send it."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data


async def received(data: bytes, step: int) -> list[Json]:
    """What `Wire.receive` makes of bytes that come in pieces, when it is cancelled for every piece that is missing."""
    reader = asyncio.StreamReader()
    wire = Wire(reader, Sink())  # type: ignore[arg-type]
    messages: list[Json] = []
    for start in range(0, len(data), step):
        reader.feed_data(data[start : start + step])
        receiving = asyncio.create_task(wire.receive())
        while (await asyncio.wait([receiving], timeout=0))[0]:
            messages.append(receiving.result() or {})
            receiving = asyncio.create_task(wire.receive())
        receiving.cancel()
        await asyncio.wait([receiving])
    reader.feed_eof()
    while (message := await wire.receive()) is not None:
        messages.append(message)
    return messages


@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers()), max_size=4), st.integers(1, 100))
async def test_messages_survive_the_wire_however_it_cuts_them(messages: list[Json], step: int) -> None:
    sink = Sink()
    for message in messages:
        Wire(asyncio.StreamReader(), sink).send(message)  # type: ignore[arg-type]
    assert await received(sink.data, step) == [{"jsonrpc": "2.0", **message} for message in messages]


@given(st.binary() | st.binary().map(lambda body: b"Content-Length: %d\r\n\r\n%b" % (len(body), body)))
async def test_bytes_that_are_no_message_are_refused_and_nothing_else_happens(data: bytes) -> None:
    try:
        messages = await received(data, 1000)
    except Broken:
        return
    assert all(isinstance(message, dict) for message in messages)
