def run(coro):
    try:
        while True: coro.send(None)
    except StopIteration as stop:
        return stop.value
async def agen(n):
    try:
        for i in range(n):
            got = yield i
            if got: print("got", got)
    except KeyError:
        yield "caught"
    finally:
        print("cleanup")
async def main():
    print([x async for x in agen(3)])
    g = agen(3)
    print(await g.__anext__(), await g.asend("hello"), await g.athrow(KeyError))
    await g.aclose()
    try:
        await g.__anext__()
    except StopAsyncIteration:
        print("stopped")
    h, i, j = agen(1), agen(1), agen(5)
    print(await anext(h), await anext(h, "default"), await anext(aiter(i)))
    await i.aclose()
    async for x in j:
        if x == 1: break
    await j.aclose()
    return type(g).__name__
print(run(main()))
