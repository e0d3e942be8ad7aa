import time, sys, platform, uuid, shutil, glob, fnmatch, getpass, locale, calendar, pprint, reprlib, timeit, types, numbers, secrets, tempfile, csv, io
a = time.perf_counter(); time.sleep(0.01); b = time.perf_counter()
print(b - a >= 0.009, time.time() > 1.7e9, time.monotonic() <= time.monotonic(), time.gmtime(0)[:6], time.strftime("%Y", time.gmtime(0)), fnmatch.fnmatch("a.py", "*.py"), calendar.monthrange(2024, 2), len(uuid.uuid4().hex), uuid.UUID(int=5), isinstance(5, numbers.Integral), types.SimpleNamespace(a=1), reprlib.repr(list(range(100))))
pprint.pprint({"b": list(range(30)), "a": {"x": "y" * 60, "z": ["w" * 30]}})
print(list(csv.reader(io.StringIO('a,"b,c",d\n1,2,3\n'))), list(csv.DictReader(io.StringIO("x,y\n1,2\n"))))
o = io.StringIO(); csv.writer(o).writerow(["a", "b,c", 'q"q', 1]); print(repr(o.getvalue()))
