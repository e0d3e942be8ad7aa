"""Profiling with little overhead: the interface of `profile` over the profiler in `_lsprof`."""

import _lsprof
import profile as _profile

__all__ = ["run", "runctx", "Profile"]


def run(statement, filename=None, sort=-1):
    """Profile a statement; print the figures, or save them in a file."""
    return _profile._Utils(Profile).run(statement, filename, sort)


def runctx(statement, globals, locals, filename=None, sort=-1):
    """As `run`, in the given namespaces."""
    return _profile._Utils(Profile).runctx(statement, globals, locals, filename, sort)


def label(code):
    """The key under which `pstats` knows what was called."""
    if isinstance(code, str):
        return ("~", 0, code)
    return (code.co_filename, code.co_firstlineno, code.co_name)


class Profile(_lsprof.Profiler):
    """Profile(timer=None, timeunit=0.0, subcalls=True, builtins=True)"""

    def print_stats(self, sort=-1):
        import pstats
        order = sort if isinstance(sort, tuple) else (sort,)
        pstats.Stats(self).strip_dirs().sort_stats(*order).print_stats()

    def dump_stats(self, file):
        import marshal
        self.create_stats()
        with open(file, "wb") as out:
            marshal.dump(self.stats, out)

    def create_stats(self):
        self.disable()
        self.snapshot_stats()

    def snapshot_stats(self):
        figures, callers = {}, {}
        entries = self.getstats()
        for entry in entries:
            key = label(entry.code)
            primitive = entry.callcount - entry.reccallcount
            known = figures.get(key, (0, 0, 0, 0))
            new = (primitive, entry.callcount, entry.inlinetime, entry.totaltime)
            figures[key] = tuple(a + b for a, b in zip(known, new))
            callers.setdefault(key, {})
        for entry in entries:
            for sub in entry.calls or ():
                known = callers.setdefault(label(sub.code), {})
                caller = label(entry.code)
                primitive = sub.callcount - sub.reccallcount
                new = (sub.callcount, primitive, sub.inlinetime, sub.totaltime)
                if caller in known:
                    new = tuple(a + b for a, b in zip(known[caller], new))
                known[caller] = new
        self.stats = {key: (*figures[key], callers[key]) for key in figures}

    def run(self, cmd):
        import __main__
        names = __main__.__dict__
        return self.runctx(cmd, names, names)

    def runctx(self, cmd, globals, locals):
        self.enable()
        try:
            exec(cmd, globals, locals)
        finally:
            self.disable()
        return self

    def runcall(self, func, /, *args, **kw):
        self.enable()
        try:
            return func(*args, **kw)
        finally:
            self.disable()

    def __enter__(self):
        self.enable()
        return self

    def __exit__(self, *exc_info):
        self.disable()


def main():
    import importlib.machinery
    import io
    import os
    import pstats
    import sys
    from optparse import OptionParser

    usage = "cProfile.py [-o output_file_path] [-s sort] [-m module | scriptfile] [arg] ..."
    parser = OptionParser(usage=usage)
    parser.allow_interspersed_args = False
    parser.add_option("-o", "--outfile", dest="outfile", default=None,
                      help="Save stats to <outfile>")
    parser.add_option("-s", "--sort", dest="sort", default=2,
                      choices=sorted(pstats.Stats.sort_arg_dict_default),
                      help="Sort order when printing to stdout, based on pstats.Stats class")
    parser.add_option("-m", dest="module", action="store_true", default=False,
                      help="Profile a library module")
    if not sys.argv[1:]:
        parser.print_usage()
        sys.exit(2)
    options, args = parser.parse_args()
    if options.outfile is not None:
        # The program may change the directory.
        options.outfile = os.path.abspath(options.outfile)
    sys.argv[:] = args
    if not args:
        parser.print_usage()
        return parser
    if options.module:
        import runpy
        code = "run_module(modname, run_name='__main__')"
        names = {"run_module": runpy.run_module, "modname": args[0]}
        sort_names = names
    else:
        program = args[0]
        sys.path.insert(0, os.path.dirname(program))
        with io.open_code(program) as source:
            code = compile(source.read(), program, "exec")
        spec = importlib.machinery.ModuleSpec(name="__main__", loader=None, origin=program)
        module = type(sys)("__main__")
        names = module.__dict__
        names.update(__spec__=spec, __file__=program, __name__="__main__", __package__=None,
                     __cached__=None)
        sys.modules["__main__"] = module
        sort_names = None
    try:
        runctx(code, names, sort_names, options.outfile, options.sort)
    except BrokenPipeError as error:
        # Nobody reads any more: no second error when the stream is closed.
        sys.stdout = None
        sys.exit(error.errno)
    return parser


if __name__ == "__main__":
    main()
