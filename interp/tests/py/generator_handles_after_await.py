# What a coroutine or generator handles stays its own across suspensions, even if its resumer handles the same exception.
import asyncio
import sys


def handling():
    try:
        yield "start"
    except KeyError as caught:
        yield sys.exception() is caught
        try:
            1 / 0
        except ZeroDivisionError as inner:
            yield type(inner.__context__)
        yield type(sys.exception())
        raise
    finally:
        print("finally", type(sys.exception()))


g = handling()
print(next(g))
try:
    raise KeyError("k")
except KeyError as e:
    print(g.throw(e))
print(next(g), next(g), sys.exception())
try:
    next(g)
except KeyError as e:
    print("again", repr(e))


def outer():
    yield from handling()


g = outer()
next(g)
try:
    raise KeyError("o")
except KeyError as e:
    g.throw(e)
    print([next(g), sys.exception() is e])
try:
    raise ValueError
except ValueError:
    print(next(g), sys.exception())
print(sys.exception())


async def cleanup():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        await asyncio.sleep(0)
        print("cleaned", type(sys.exception()))
        raise


async def main():
    task = asyncio.create_task(cleanup())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError as e:
        print("cancelled", e.__context__)
    try:
        async with asyncio.timeout(0.01):
            try:
                raise ValueError("first")
            except ValueError:
                await asyncio.sleep(10)
    except TimeoutError as e:
        print(type(e.__cause__), type(e.__cause__.__context__))


asyncio.run(main())
