# requires: 3.14
import types
@types.coroutine
def pause(value):
    return (yield value)
async def inner(n):
    got = await pause(n)
    return got * 2
async def outer():
    a = await inner(1)
    b = await inner(a)
    return a + b
c = outer()
print(c.send(None), c.send(10))
try:
    c.send(5)
except StopIteration as stop:
    print("result", stop.value)
print(type(c).__name__, outer.__code__.co_flags & 0x80 > 0, c.cr_frame, c.__name__)
try:
    c.send(None)
except RuntimeError as error:
    print(error)
async def bad():
    await 5
try:
    bad().send(None)
except TypeError as error:
    print(error)
class Aw:
    def __await__(self):
        x = yield "from await"
        return x
async def use(): return await Aw()
u = use()
print(u.send(None))
try:
    u.send("sent")
except StopIteration as stop:
    print(stop.value)
u.close()
