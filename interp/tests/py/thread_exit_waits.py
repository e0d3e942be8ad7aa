import atexit, threading, time
atexit.register(print, "exit functions")
def late():
    time.sleep(0.05)
    print("thread")
threading.Thread(target=late).start()
threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
print("main")
