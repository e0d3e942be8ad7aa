import asyncio
async def work(name, delay):
    await asyncio.sleep(delay)
    return name
async def main():
    print(await asyncio.gather(work("a", 0.02), work("b", 0.0), work("c", 0.01)))
    t = asyncio.create_task(work("t", 0))
    print(await t, t.done(), t.result())
    try:
        await asyncio.wait_for(work("slow", 10), 0.01)
    except TimeoutError:
        print("timeout")
    q = asyncio.Queue()
    async def producer():
        for i in range(3): await q.put(i)
        await q.put(None)
    async def consumer():
        out = []
        while (x := await q.get()) is not None: out.append(x)
        return out
    async with asyncio.TaskGroup() as tg:
        tg.create_task(producer())
        c = tg.create_task(consumer())
    print(c.result())
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(work("x", 5))
            raise ValueError("v")
    except* ValueError as g:
        print(g.exceptions)
    lock = asyncio.Lock()
    async with lock: print("locked", lock.locked())
    return "end"
print(asyncio.run(main()))
