# exit: 0
import atexit
@atexit.register
def first(): print("first registered")
atexit.register(print, "second", sep="-")
def boom(): raise ValueError("in atexit")
atexit.register(lambda: print("third"))
h = atexit.register(print, "unregistered")
atexit.unregister(h)
print("main ends")
