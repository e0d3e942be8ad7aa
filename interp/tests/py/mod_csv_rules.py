import _csv, csv, io
def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, e)
for kw in (dict(delimiter=1), dict(delimiter=None), dict(delimiter=""), dict(delimiter="ab"), dict(quotechar=1), dict(quotechar="ab"), dict(quotechar=""), dict(quotechar=None), dict(quotechar=None, quoting=1), dict(escapechar=1), dict(escapechar="xx"), dict(lineterminator=None), dict(lineterminator=1), dict(quoting=9), dict(quoting="x"), dict(bad=1), dict(delimiter="\n"), dict(delimiter=" ", skipinitialspace=True), dict(quotechar="\r"), dict(delimiter='"'), dict(escapechar='"'), dict(escapechar=','), dict(doublequote="x"), dict(lineterminator="")):
    t(lambda: _csv.Dialect(**kw).delimiter)
t(lambda: _csv.reader(1)); t(lambda: _csv.writer(1)); t(lambda: _csv.get_dialect("zz")); t(lambda: _csv.unregister_dialect("zz")); t(lambda: _csv.register_dialect(1)); t(lambda: _csv.register_dialect("a", 5)); t(lambda: _csv.field_size_limit()); t(lambda: _csv.field_size_limit("x"))
t(lambda: list(_csv.reader(['a,"b']))); t(lambda: list(_csv.reader(['a,"b'], strict=True))); t(lambda: list(_csv.reader(['a,"b"c'], strict=True))); t(lambda: list(_csv.reader([b'a']))); t(lambda: list(_csv.reader(["a\nb"]))); t(lambda: list(_csv.reader(['a,"b\n','c",d'])))
t(lambda: list(_csv.reader(['1,"2",x'], quoting=2))); t(lambda: list(_csv.reader(['1,"2",3.5'], quoting=2))); t(lambda: list(_csv.reader(['1,"",,3.5'], quoting=4)));t(lambda: list(_csv.reader(['1,"",,3.5'], quoting=5))); t(lambda: list(_csv.reader(["a\\,b,c"], escapechar="\\"))); t(lambda: list(_csv.reader(["a, b"], skipinitialspace=True))); t(lambda: list(_csv.reader(["", "a", "\r\n", "b\r"])))
def w(rows, **kw):
    o=io.StringIO(); x=_csv.writer(o, **kw)
    for r in rows: x.writerow(r)
    return o.getvalue()
t(lambda: w([[1,None,"a,b",'q"',2.5]])); t(lambda: w([[]])); t(lambda: w([[""]])); t(lambda: w([[None]])); t(lambda: w([["",""]]));t(lambda: w([["a,b"]], quoting=3)); t(lambda: w([["a,b"]], quoting=3, escapechar="\\")); t(lambda: w([['a"b']], doublequote=False)); t(lambda: w([['a"b']], doublequote=False, escapechar="\\")); t(lambda: w([[1,"a",None,2.0]], quoting=2)); t(lambda: w([[1,"a",None,2.0]], quoting=4)); t(lambda: w([[1,"a",None,2.0,""]], quoting=5)); t(lambda: w([1])); t(lambda: w([["a\nb","c\rd"," e"]])); t(lambda: w([[""]], quoting=3)); t(lambda: w([["a"]], lineterminator="!")); t(lambda: w([["a b", "c"]], delimiter=" "));t(lambda: w([["\\"]], escapechar="\\"));t(lambda: w([["\\","a"]], escapechar="\\",quoting=3))
r = _csv.reader(["a", "b"]); print(r.line_num, next(r), r.line_num, type(r), type(r.dialect.delimiter), csv.list_dialects())
t(lambda: csv.Sniffer().sniff("a;b;c\n1;2;3\n").delimiter)
print(list(csv.DictReader(io.StringIO("x,y\n1,2,3\n4\n")))); o=io.StringIO(); d=csv.DictWriter(o,["a","b"]); d.writeheader(); d.writerow({"a":1,"b":2}); print(repr(o.getvalue())); t(lambda: d.writerow({"z":1}))
_csv.field_size_limit(3); t(lambda: list(_csv.reader(["abcd"])))
