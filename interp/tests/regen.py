"""Writes the expectations of tests/py with CPython 3.13 (`python3.13`, or $ORACLE).

Usage: regen.py [--check] [NAME ...]

With --check nothing is written; files whose expectation would change are listed and the
exit status is 1. Programs marked `# requires:` are written by hand and only checked for
having an expectation at all. Paths below tests/py are made relative.
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent / "py"
ORACLE = os.environ.get("ORACLE") or shutil.which("python3.13")


def directives(path):
    found = {}
    for line in path.read_bytes().decode("utf-8", "replace").splitlines():
        if not line.startswith("#"):
            break
        key, colon, value = line.lstrip("#").strip().partition(":")
        if colon:
            found[key] = value.strip()
    return found


def run(path, marks):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment["NO_COLOR"] = "1"
    given = path.with_suffix(".in")
    stdin = given.read_bytes() if given.exists() else b""
    command = [ORACLE, *marks.get("flags", "").split(), path.name, *marks.get("args", "").split()]
    done = subprocess.run(
        command, cwd=FOLDER, env=environment, input=stdin, capture_output=True, timeout=120
    )
    prefix = os.fsencode(str(FOLDER) + "/")
    return done.returncode, done.stdout.replace(prefix, b""), done.stderr.replace(prefix, b"")


def update(path, check):
    """Brings one expectation up to date; returns the complaints."""
    marks = directives(path)
    out, err = path.with_suffix(".out"), path.with_suffix(".err")
    if "requires" in marks:
        return [] if out.exists() else [f"{path.name}: no hand-written {out.name}"]
    code, stdout, stderr = run(path, marks)
    complaints = []
    if code != int(marks.get("exit", 0)):
        complaints.append(f"{path.name}: exit status {code}\n{stderr.decode('utf-8', 'replace')}")
    elif stderr and not code and "stderr" not in marks:
        complaints.append(f"{path.name}: unexpected stderr\n{stderr.decode('utf-8', 'replace')}")
    files = {out: stdout}
    if "stderr" in marks:
        files[err] = stderr
    for target, content in files.items():
        if target.exists() and target.read_bytes() == content:
            continue
        if check:
            complaints.append(f"{target.name}: out of date")
        elif not complaints:
            target.write_bytes(content)
    return complaints


def main(args):
    check = "--check" in args
    names = [arg for arg in args if arg != "--check"]
    if not ORACLE:
        sys.exit("no python3.13 on PATH; nothing was checked")
    paths = [FOLDER / f"{name}.py" for name in names] or sorted(FOLDER.glob("*.py"))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        complaints = [c for found in pool.map(lambda p: update(p, check), paths) for c in found]
    print("\n".join(complaints) or f"{len(paths)} expectations hold")
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main(sys.argv[1:])
