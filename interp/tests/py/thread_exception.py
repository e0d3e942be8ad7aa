# stderr: compared
import threading, sys
def hook(args):
    print("hook", args.exc_type.__name__, args.exc_value, args.thread.name)
def f(): raise ValueError("in thread")
threading.excepthook, old = hook, threading.excepthook
t = threading.Thread(target=f, name="T1"); t.start(); t.join()
threading.excepthook = old
def g(): sys.exit(3)
t = threading.Thread(target=g); t.start(); t.join()
print("main goes on", t.is_alive())
