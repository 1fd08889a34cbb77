"""Events as JSON lines: on stdout, in a file, and through a pipe whose reader goes away."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from prover.errors import ConfigError
from prover.journal import Event, What
from prover.stream import Stream
from tests.run_events import Story

# Writes events until it is told that nobody reads any more, then says that it goes on
WRITER = """
import sys
from prover.journal import Event, What
from prover.stream import Stream
with Stream.to("-") as stream:
    number = 0
    while stream.heard:
        number += 1
        stream(Event(number, 0.0, What.ENDED, {"why": "ρ"}))
    stream(Event(number, 0.0, What.ENDED, {"why": "into the void"}))
print("the run goes on", file=sys.stderr)
"""


def test_a_reader_that_goes_away_ends_the_stream_and_not_the_run() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        assert json.loads(writer.stdout.readline()) == {"number": 1, "time": 0.0, "what": "ended", "why": "ρ"}
        writer.stdout.close()
        assert writer.stderr.read() == "the run goes on\n"
        assert writer.wait(timeout=60) == 0


def test_each_line_is_there_as_soon_as_its_event_is() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8") as reader, Stream(writing, "pipe") as stream:
        for event in Story("a").events:
            stream(event)
            assert json.loads(reader.readline()) == event.as_json()


def test_a_file_is_appended_to(tmp_path: Path) -> None:
    file, (first, second) = tmp_path / "events.jsonl", Story("a").events
    for event in (first, second):
        with Stream.to(str(file)) as stream:
            stream(event)
    assert [json.loads(line)["number"] for line in file.read_text().splitlines()] == [1, 2]


def test_a_line_longer_than_a_pipe_holds_arrives_whole(tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())"
    kept = tmp_path / "kept"
    with subprocess.Popen([sys.executable, "-c", program, str(kept)], stdin=subprocess.PIPE) as reader:
        assert reader.stdin is not None
        with Stream(os.dup(reader.stdin.fileno()), "pipe") as stream:
            stream(Event(1, 0.0, What.ENDED, {"why": "x" * 1_000_000}))
    assert len(json.loads(kept.read_text())["why"]) == 1_000_000


def test_a_place_that_cannot_be_written_is_refused_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot write events to"):
        Stream.to(str(tmp_path / "nowhere" / "events.jsonl"))


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with Stream.to(str(tmp_path / "events.jsonl")) as stream, disk_of(10), pytest.raises(ConfigError) as caught:
        stream(Story("a").events[0])
    assert "cannot write events to" in str(caught.value)
    assert "resume" in caught.value.remedy
