def f():
    print(v)
    v = 1
def g(flag):
    if flag:
        w = 1
    return w
def h():
    del q
    q = 1
for call in (f, lambda: g(False), h, lambda: undefined_name):
    try:
        call()
    except NameError as error:
        print(type(error).__name__, error)
def k():
    for i in []:
        pass
    return i
try:
    k()
except UnboundLocalError as error:
    print(error)
def e():
    try:
        raise ValueError
    except ValueError as exc:
        pass
    return exc
try:
    e()
except UnboundLocalError as error:
    print(error)
