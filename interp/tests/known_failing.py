"""Keeps the `# known-failing:` lines of tests/py true, and the table of docs/compatibility.md.

Usage: known_failing.py TAIPAN [--write] [--modes plain,window,shake] [NAME ...]

A line stands at the end of a program, since tracebacks name its lines. Runs the programs under the executable TAIPAN and compares with their expectations. Prints what
fails and is not marked, and what is marked and passes. With --write it adds a line, with the
difference as its reason, to each program that fails plainly in plain mode, and takes the line
from each that passes. A crash, a panic or a hang is never marked: those stay failures.
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

TESTS = pathlib.Path(__file__).resolve().parent
FOLDER = TESTS / "py"
TABLE = TESTS.parent.parent / "docs" / "compatibility.md"
MARK = "# known-failing:"
MODES = {
    "plain": [],
    "window": ["-X", "stm=on", "-X", "stm-window=1"],
    "shake": ["-X", "stm=on", "-X", "stm-shake=1"],
}


def directives(path):
    found = {}
    for line in path.read_text("utf-8", "replace").splitlines():
        if line.startswith(MARK):
            found["known-failing"] = line.removeprefix(MARK).strip()
    for line in path.read_bytes().decode("utf-8", "replace").splitlines():
        if not line.startswith("#"):
            break
        key, colon, value = line.lstrip("#").strip().partition(":")
        if colon:
            found[key] = value.strip()
    return found


def difference(want, got):
    """The first line that differs, or None."""
    if want == got:
        return None
    wanted, given = want.splitlines() + [b"(the end)"], got.splitlines() + [b"(the end)"]
    for number, (a, b) in enumerate(zip(wanted, given), 1):
        if a != b:
            a, b = (x.decode("utf-8", "replace") for x in (a, b))
            return f"line {number}: `{a[:150]}` is `{b[:150]}`"
    return "the last line's end"


def run(binary, path, mode):
    """(kind, detail): kind is ok, fails or crash."""
    marks = directives(path)
    if marks.get("modes") == "plain" and mode != "plain":
        return "ok", ""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment["NO_COLOR"] = "1"
    given = path.with_suffix(".in")
    command = [binary, *MODES[mode], *marks.get("flags", "").split(), path.name]
    command += marks.get("args", "").split()
    try:
        done = subprocess.run(
            command,
            cwd=FOLDER,
            env=environment,
            input=given.read_bytes() if given.exists() else b"",
            capture_output=True,
            timeout=60,
        )
    except subprocess.TimeoutExpired:
        return "crash", "still running after 60 s"
    prefix = os.fsencode(str(FOLDER) + "/")
    out, err = (text.replace(prefix, b"") for text in (done.stdout, done.stderr))
    last = (err.decode("utf-8", "replace").strip().splitlines() or [""])[-1]
    if b"panicked at" in err:
        return "crash", "panicked: " + last
    if done.returncode < 0:
        return "crash", f"signal {-done.returncode}: {last}"
    found = difference(path.with_suffix(".out").read_bytes(), out)
    expected = path.with_suffix(".err")
    if found is None and expected.exists():
        found = difference(expected.read_bytes(), err)
    elif found is not None and last:
        found = last[:150]
    if found is None and done.returncode != int(marks.get("exit", 0)):
        found = f"exit status {done.returncode}: {last[:150]}"
    return ("ok", "") if found is None else ("fails", found)


def mark(path, reason):
    """Sets or, with None, takes away a program's line."""
    lines = [x for x in path.read_text("utf-8").splitlines(True) if not x.startswith(MARK)]
    if reason is not None:
        # At the end: tracebacks name the lines of the program.
        lines.append(f"{MARK} {reason}\n")
    path.write_text("".join(lines), "utf-8")


def write_table():
    rows = []
    for path in sorted(FOLDER.glob("*.py")):
        reason = directives(path).get("known-failing")
        if reason:
            rows.append(f"| {path.stem} | {reason.replace('|', chr(92) + '|')} |\n")
    text = TABLE.read_text("utf-8")
    head, title, _ = text.partition("| test | reason |\n|---|---|\n")
    TABLE.write_text(head + title + "".join(rows), "utf-8")


def main(args):
    write = "--write" in args
    modes = list(MODES)
    if "--modes" in args:
        at = args.index("--modes")
        modes = args[at + 1].split(",")
        del args[at : at + 2]
    names = [arg for arg in args[1:] if arg != "--write"]
    paths = [FOLDER / f"{name}.py" for name in names] or sorted(FOLDER.glob("*.py"))
    binary = os.path.abspath(args[0])
    jobs = [(path, mode) for path in paths for mode in modes]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda job: run(binary, *job), jobs))
    passed = 0
    for (path, mode), (kind, detail) in zip(jobs, results):
        marked = "known-failing" in directives(path)
        if kind == "ok":
            passed += 1
            if marked and mode == "plain":
                print(f"{path.stem}: passes, but is marked")
                if write:
                    mark(path, None)
        elif kind == "crash" or not marked:
            print(f"{path.stem} [{mode}]: {kind}: {detail}")
            if write and kind == "fails" and mode == "plain":
                mark(path, detail.replace("\n", " "))
    if write:
        write_table()
    print(f"{passed} of {len(jobs)} runs give what is expected")


if __name__ == "__main__":
    main(sys.argv[1:])
