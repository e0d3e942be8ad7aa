import types, collections
@types.coroutine
def switch(): yield
class Loop:
    def __init__(self): self.ready = collections.deque()
    def spawn(self, name, coro): self.ready.append((name, coro))
    def run(self):
        while self.ready:
            name, coro = self.ready.popleft()
            try:
                coro.send(None)
            except StopIteration as stop:
                print(name, "done", stop.value)
            except Exception as error:
                print(name, "failed", repr(error))
            else:
                self.ready.append((name, coro))
async def work(name, n):
    for i in range(n):
        print(name, i)
        await switch()
    return name * n
async def fail():
    await switch()
    raise ValueError("boom")
loop = Loop()
loop.spawn("a", work("a", 3)); loop.spawn("f", fail()); loop.spawn("b", work("b", 2))
loop.run()
