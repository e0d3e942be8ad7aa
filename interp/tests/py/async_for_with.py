import types
def run(coro):
    try:
        while True: coro.send(None)
    except StopIteration as stop:
        return stop.value
class Range:
    def __init__(self, n): self.n, self.i = n, 0
    def __aiter__(self): return self
    async def __anext__(self):
        if self.i == self.n: raise StopAsyncIteration
        self.i += 1
        return self.i
class CM:
    async def __aenter__(self): print("enter"); return "res"
    async def __aexit__(self, kind, value, tb): print("exit", kind); return kind is ValueError
async def main():
    async for x in Range(2): print(x)
    else: print("else")
    async with CM() as r: print(r)
    async with CM(), CM(): raise ValueError
    print([x async for x in Range(3)], {x: x * 2 async for x in Range(2)}, {x async for x in Range(2) if x > 1}, [y for x in [1] for y in [await one()]])
    g = (x async for x in Range(2))
    print(type(g).__name__, [x async for x in g])
    async def inner(): return [await one() for _ in range(2)]
    return await inner()
async def one(): return 1
print(run(main()))
async def wrong():
    async for x in [1]: pass
async def wrong2():
    async with 5: pass
for w in (wrong, wrong2):
    try:
        run(w())
    except TypeError as error:
        print(error)
