# Where coroutines were made, as far as it was asked for.
import asyncio
import sys


async def work():
    await asyncio.sleep(0)


def make():
    return work()


def outer():
    return make()


def shown(coroutine):
    origin = coroutine.cr_origin
    coroutine.close()
    return origin and [(file.rpartition("/")[2], line, name) for file, line, name in origin]


print(sys.get_coroutine_origin_tracking_depth(), shown(outer()))
for depth in (1, 2, 10):
    sys.set_coroutine_origin_tracking_depth(depth)
    print(sys.get_coroutine_origin_tracking_depth(), shown(outer()), shown(list(map(lambda _: make(), [1]))[0]))
sys.set_coroutine_origin_tracking_depth(0)
print(shown(outer()))
try:
    sys.set_coroutine_origin_tracking_depth(-1)
except ValueError as e:
    print(e)


async def main():
    print(sys.get_coroutine_origin_tracking_depth() > 0, shown(outer())[0])


asyncio.run(main(), debug=True)
print(sys.get_coroutine_origin_tracking_depth())
