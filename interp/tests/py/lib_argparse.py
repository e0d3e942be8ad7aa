import argparse
p = argparse.ArgumentParser(prog="prog", description="Desc.")
p.add_argument("file", help="input file")
p.add_argument("-n", "--num", type=int, default=3, metavar="N", help="number")
p.add_argument("-v", "--verbose", action="store_true")
p.add_argument("--list", nargs="*", choices=["a", "b"])
print(p.parse_args(["f.txt", "-n", "5", "-v", "--list", "a", "b"]), p.parse_args(["x"]))
p.print_help()
sub = argparse.ArgumentParser(prog="s", exit_on_error=False)
cmds = sub.add_subparsers(dest="cmd")
add = cmds.add_parser("add"); add.add_argument("x", type=float)
print(sub.parse_args(["add", "1.5"]), sub.parse_known_args(["add", "2", "--zz"]))
import contextlib, io
for args in ([], ["f", "-n", "x"], ["f", "--list", "c"], ["f", "--nope"]):
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        try:
            p.parse_args(args)
        except SystemExit as stop:
            print(stop.code, err.getvalue().splitlines()[-1].split(" (choose")[0])
