# Code that is compiled to wait at the top level.
import ast, types, asyncio
async def arange(n):
    for i in range(n): yield i
class CM:
    async def __aenter__(self): return 5
    async def __aexit__(self, *a): pass
for src in ["async for i in arange(3): print(i)", "async with CM() as x: print(x)", "print([i async for i in arange(3)])", "print({i: 1 async for i in arange(2)})", "x = await asyncio.sleep(0, 7); print(x)", "print([await asyncio.sleep(0, i) for i in range(2)])","def f():\n async def g():\n  return [1 async for i in arange(2)]\n return g\nprint(await f()())", "yield 1", "def f(): await x", "def f():\n async with x: pass", "print(1)", "g = (i async for i in arange(2)); print([j async for j in g])", "class A: await x", "lambda: await x"]:
    try:
        co=compile(src,'?','exec',flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        print(bool(co.co_flags & 0x80))
        r=eval(co, globals())
        if r is not None: asyncio.run(r)
    except SyntaxError as e: print(e)
