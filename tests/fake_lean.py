"""A `lean --worker` that is a real process and misbehaves on request: `python fake_lean.py [MODE] --worker …`.

Asked about a text, it answers every line `error: …` with a message of that text, and obeys lines such as `die` or
`hang` (the functions below). MODE is for faults before the first text: `exit` and `mute`. It runs without our package.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

Message = dict[str, Any]

URI = "file:///Check.lean"
out = sys.stdout.buffer


def write(body: bytes) -> None:
    out.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    out.flush()


def send(**message: object) -> None:
    write(json.dumps({"jsonrpc": "2.0", **message}).encode())


def receive() -> Message:
    length = 0
    while (line := sys.stdin.buffer.readline()) != b"\r\n":
        if not line:
            sys.exit()
        length = int(line.split(b":")[1])
    message: Message = json.loads(sys.stdin.buffer.read(length))
    return message


def publish(version: int, *texts: str) -> None:
    place = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}
    found = [{"range": place, "severity": 1, "message": text} for text in texts]
    send(method="textDocument/publishDiagnostics", params={"uri": URI, "version": version, "diagnostics": found})


def raw(data: bytes) -> None:
    out.write(data)
    out.flush()


# What a line of the text makes it do; a function that returns True keeps it from answering.


def die(argument: str, version: int) -> None:
    print("out of cheese", file=sys.stderr)
    sys.exit(3)


def die_once(argument: str, version: int) -> None:
    """Die unless the file `argument` exists, and make it."""
    if not Path(argument).exists():
        Path(argument).touch()
        sys.exit(4)


def die_inside(argument: str, version: int) -> None:
    raw(b'Content-Length: 500\r\n\r\n{"jsonrpc"')
    sys.exit(5)


def say(argument: str, version: int) -> None:
    """Write the rest of the line to stdout as it is, with its escapes."""
    raw(argument.encode().decode("unicode_escape").encode())


def body(argument: str, version: int) -> None:
    """Write the rest of the line as the body of a message."""
    write(argument.encode())


def hang(argument: str, version: int) -> bool:
    return True


def wait(argument: str, version: int) -> None:
    """Wait until somebody opens the FIFO `argument` for writing and closes it again."""
    Path(argument).read_bytes()


def late(argument: str, version: int) -> None:
    """Say something about the version before, as Lean does when it was still at work."""
    publish(version - 1, argument)


def huge(argument: str, version: int) -> None:
    publish(version, "x" * int(argument))


def chat(argument: str, version: int) -> None:
    sys.stderr.write("chat " * int(argument) + "and no more\n")
    sys.stderr.flush()


def ask(argument: str, version: int) -> None:
    """Ask the client for something, with an id that is one of its own, and insist on an answer."""
    send(id=1, method="workspace/semanticTokens/refresh")
    while "method" in receive():
        pass


def child(argument: str, version: int) -> None:
    """Start a process that would outlive us, and say its number."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    publish(version, str(process.pid))


def deaf(argument: str, version: int) -> bool:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return True


def grow(argument: str, version: int) -> None:
    memory.append(b"x" * int(argument))


def pid(argument: str, version: int) -> None:
    publish(version, str(os.getpid()))


def version(argument: str, version: int) -> None:
    publish(version, str(version))


memory: list[bytes] = []


def obey(text: str, version: int) -> bool:
    """Whether the text is to be answered."""
    publish(version, *(line.removeprefix("error: ") for line in text.splitlines() if line.startswith("error: ")))
    for line in text.splitlines():
        command, _, argument = line.partition(" ")
        act = globals().get(command) if command in COMMANDS else None
        if act and act(argument, version):
            return False
    return True


COMMANDS = {
    *("die", "die_once", "die_inside", "say", "body", "hang", "wait", "late", "huge"),
    *("chat", "ask", "child", "deaf", "grow", "pid", "version"),
}


def answer(message: Message, texts: dict[int, str]) -> None:
    """Do what one message of the client asks for."""
    match message:
        case {"method": "textDocument/didOpen", "params": {"textDocument": {"version": version, "text": text}}}:
            texts[version] = text
        case {
            "method": "textDocument/didChange",
            "params": {"textDocument": {"version": version}, "contentChanges": [{"text": text}]},
        }:
            texts[version] = text
        case {"method": "textDocument/waitForDiagnostics", "id": number, "params": {"version": version}}:
            if obey(texts[version], version):
                send(id=number, result={})
        case {"method": "$/lean/plainGoal", "id": number, "params": {"position": {"line": line}}}:
            send(id=number, result=goals(texts[max(texts)].splitlines(), line))


def goals(lines: list[str], line: int) -> object:
    """The goals of a line name it; none are after the last. A line `goals …` gives its own answer, in JSON."""
    if line >= len(lines):
        return None
    if lines[line].startswith("goals "):
        return json.loads(lines[line].removeprefix("goals "))
    return {"rendered": "", "goals": [f"⊢ line {line}"]}


def main() -> None:
    if "exit" in sys.argv:
        sys.exit("this Lean does not start")
    texts: dict[int, str] = {}
    while True:
        message = receive()
        if "mute" not in sys.argv:
            answer(message, texts)


if __name__ == "__main__":
    main()
