import os.path as p, posixpath
print(p.join("a", "b", "/c", "d"), p.split("/a/b"), p.splitext("x.tar.gz"), p.basename("/a/b/"), p.dirname("/a/b"), p.normpath("a//b/../c/."), p.isabs("/a"), p.commonpath(["/a/b", "/a/c"]), p.commonprefix(["abc", "abd"]), p.relpath("/a/b/c", "/a/d"), p.exists("/"), p.isfile("/"), p.expanduser("x"), p.abspath("/a/../b"), p is posixpath)
import pathlib
q = pathlib.PurePosixPath("/a/b.tar.gz")
print(q.parts, q.suffixes, q.parents[0], q / "c", q.match("*.gz"), q.joinpath("x", "y"), q.is_absolute(), q.with_name("n"), repr(q), q < pathlib.PurePosixPath("/b"), hash(q) == hash(pathlib.PurePosixPath("/a/b.tar.gz")), pathlib.PurePath("a/../b"), q.as_uri())
try:
    q.relative_to("/z")
except ValueError as error:
    print(error)
