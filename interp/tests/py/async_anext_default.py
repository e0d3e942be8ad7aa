import asyncio
class It:
    def __init__(self): self.n = 0
    def __aiter__(self): return self
    async def __anext__(self):
        if self.n >= 2: raise StopAsyncIteration
        self.n += 1
        return self.n
async def main():
    it = It()
    print([await anext(it, "end") for _ in range(4)])
    one = anext(It(), "end")
    try:
        one.throw(IndexError("thrown"))
    except IndexError as e:
        print(repr(e))
    anext(It(), "end").close()
asyncio.run(main())
async def agen():
    yield 1
async def twice():
    g = agen()
    step = g.asend(None)
    print(await step)
    for again in (step, g.aclose()):
        try:
            await again
            await again
        except RuntimeError as e:
            print(e)
asyncio.run(twice())
