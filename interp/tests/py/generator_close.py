def g():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        print("exit")
        raise
    finally:
        print("cleanup")
it = g()
next(it)
it.close()
it.close()
print(list(it))
def bad():
    try:
        yield 1
    except GeneratorExit:
        yield 2
b = bad()
next(b)
try:
    b.close()
except RuntimeError as error:
    print(error)
def ret():
    try:
        yield 1
    except GeneratorExit:
        return "value"
r = ret()
next(r)
print(r.close(), g().close())
