async def f():
    try:
        await g()
    except GeneratorExit:
        print("exit"); raise
    finally:
        print("finally")
import types
@types.coroutine
def g(): yield 1
c = f()
c.send(None)
c.close()
c2 = f()
c2.send(None)
try:
    c2.throw(ValueError("thrown"))
except ValueError as error:
    print(error)
never = f()
never.close()
for text in ("def f(): await x", "async def f(): yield from []", "await_ = 1; await x", "[await x for x in []]", "async def f(): return 1; yield 2; return 5"):
    try:
        exec(text)
        print("ok")
    except SyntaxError as error:
        print(error.msg)
