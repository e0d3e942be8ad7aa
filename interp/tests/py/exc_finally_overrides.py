# A return or break in a finally block swallows the exception.
import warnings
warnings.simplefilter("ignore")
source = '''
def f():
    try:
        1 / 0
    finally:
        return "swallowed"
def g():
    try:
        return "first"
    finally:
        return "second"
def h():
    for i in range(3):
        try:
            raise ValueError
        finally:
            break
    return i
def k():
    for i in range(2):
        try:
            raise ValueError
        finally:
            continue
    return "done"
print(f(), g(), h(), k())
'''
exec(source)
