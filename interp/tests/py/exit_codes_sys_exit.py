# exit: 7
import sys, atexit
atexit.register(print, "at exit")
try:
    sys.exit(7)
finally:
    print("finally")
