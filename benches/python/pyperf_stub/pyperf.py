"""A small stand-in for `pyperf`: runs each benchmark a fixed number of times, in this process.

It measures nothing: whoever starts the program does. The number of loops comes from the
environment variable PYPERF_STUB_LOOPS (default 1). The names of the benchmarks and the plain
results are printed, so that interpreters can be compared by their output.
"""
import argparse
import os
from time import perf_counter

__all__ = ["Runner", "perf_counter", "python_implementation"]


def python_implementation():
    import sys

    return sys.implementation.name


class Runner:
    def __init__(self, values=None, processes=None, loops=0, add_cmdline_args=None, **options):
        self.metadata = {}
        self.argparser = argparse.ArgumentParser()
        self.args = None
        self.loops = int(os.environ.get("PYPERF_STUB_LOOPS", "1"))

    def parse_args(self, args=None):
        if self.args is None:
            self.args = self.argparser.parse_args(args)
        return self.args

    def bench_func(self, name, func, *args, inner_loops=None, metadata=None):
        self.parse_args()
        result = None
        for _ in range(self.loops):
            result = func(*args)
        shown = result if isinstance(result, (bool, int, float, str)) else type(result).__name__
        print(name, self.loops, shown)

    def bench_time_func(self, name, time_func, *args, inner_loops=None, metadata=None):
        self.parse_args()
        seconds = time_func(self.loops, *args)
        assert seconds >= 0
        print(name, self.loops)

    def bench_async_func(self, name, func, *args, inner_loops=None, metadata=None, **options):
        import asyncio

        self.parse_args()

        async def main():
            for _ in range(self.loops):
                await func(*args)

        asyncio.run(main())
        print(name, self.loops)

    def timeit(self, name, stmt=None, setup="pass", inner_loops=None, **options):
        self.parse_args()
        space = {}
        exec(setup, space)
        code = compile(stmt, "<timeit>", "exec")
        for _ in range(self.loops):
            exec(code, space)
        print(name, self.loops)
