"""A `lean` that compiles: a real process that writes what it was told to write, or fails as the source says.

    fake_compiler.py LOG --json -R DIR -o X.olean -i X.ilean FILE

The first word of the source's last line decides: `error`, `wordless`, `greedy` (says that memory ran out), `endless`
(prints without end), `hang`, `nothing`, `link` (leaves a link instead of a file), `meet PIPE MODE` (waits until
somebody opens the other end of the pipe); `Plain` and `Parts` compile to the files of these names in the data folder.
Appends the module to LOG.
"""

import json
import shutil
import signal
import sys
from pathlib import Path

NATIVE = Path(__file__).parent / "data" / "native64"


def main(log: str, *words: str) -> int:
    out, file = Path(words[words.index("-o") + 1]), Path(words[-1])
    name = ".".join(file.relative_to(words[words.index("-R") + 1]).with_suffix("").parts)
    with Path(log).open("a") as lines:
        lines.write(f"{name}\n")
    command = file.read_text().split("\n")[-1].split() or ["Plain"]
    match command[0]:
        case "error":
            print("some output\n[1]")
            for severity in ("warning", "error"):
                message = {"severity": severity, "pos": {"line": 3, "column": 4}, "data": f"a {severity}\nmore"}
                print(json.dumps(message))
            return 1
        case "wordless":
            print("something happened", file=sys.stderr)
            return 134
        case "greedy":
            print("INTERNAL PANIC: out of memory", file=sys.stderr)
            return 1
        case "endless":
            while True:
                print("x" * 1000)
        case "link":
            out.symlink_to(NATIVE / "Plain.olean")
            return 0
        case "hang":
            signal.pause()
        case "nothing":
            return 0
        case "meet":
            Path(command[1]).open(command[2]).close()
    stem = command[0] if command[0] == "Parts" else "Plain"
    for part in NATIVE.glob(f"{stem}.olean*"):
        shutil.copyfile(part, out.with_name(out.name.removesuffix(".olean") + part.name.removeprefix(stem)))
    Path(words[words.index("-i") + 1]).write_text("{}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
