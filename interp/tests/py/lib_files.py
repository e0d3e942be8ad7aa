import os, tempfile, pathlib
with tempfile.TemporaryDirectory() as d:
    p = os.path.join(d, "f.txt")
    with open(p, "w", encoding="utf-8") as f:
        print(f.write("one\ntwo é\nthree"), f.name == p, f.mode, f.closed)
    print(f.closed, os.path.getsize(p), open(p, encoding="utf-8").read().split("\n"))
    with open(p, "a") as f: f.write("\nfour")
    with open(p, encoding="utf-8") as f: print([l.rstrip() for l in f], f.tell() > 0)
    with open(p, "rb") as f: print(f.read(5), f.seek(-4, os.SEEK_END), f.read(), f.tell())
    with open(p, "r+b") as f: f.seek(1); f.write(b"NE"); f.seek(0); print(f.readline())
    with open(p, newline="") as f: print(f.readlines(3))
    try: open(p, "x")
    except FileExistsError as e: print(e.errno, type(e).__name__)
    try: f.read()
    except ValueError as e: print(e)
    q = pathlib.Path(d) / "sub" / "g.txt"
    q.parent.mkdir(); q.write_text("text"); print(q.read_text(), q.exists(), q.name, q.stem, q.suffix, q.parent.name, q.with_suffix(".md").name, sorted(x.name for x in pathlib.Path(d).iterdir()), [x.name for x in pathlib.Path(d).rglob("*.txt")] and len(list(pathlib.Path(d).rglob("*.txt"))), q.relative_to(d), q.is_file())
    os.rename(q, p + "2"); os.remove(p); print(sorted(os.listdir(d)), os.path.isdir(d), [len(x) for x in list(os.walk(d))[0][1:]], os.stat(p + "2").st_size)
    os.environ["TAIPAN_X"] = "1"; print(os.getenv("TAIPAN_X"), os.environ.get("NOPE_"), "TAIPAN_X" in os.environ)
    print(sorted(e.name for e in os.scandir(d)))
for call in (lambda: os.remove("/nope/x"), lambda: os.listdir("/nope"), lambda: os.mkdir("/"), lambda: open("/", "w")):
    try: call()
    except OSError as e: print(type(e).__name__, e)
