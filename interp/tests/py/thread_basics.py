import threading
log = []
def f(a, b=0):
    log.append((a, b, threading.current_thread().name))
t = threading.Thread(target=f, args=(1,), kwargs={"b": 2}, name="worker")
print(t.is_alive(), t.ident, t.daemon, t.name)
t.start(); t.join()
print(log, t.is_alive(), t.ident is not None, threading.main_thread() is threading.current_thread(), threading.active_count())
class T(threading.Thread):
    def run(self): self.result = 42
x = T(); x.start(); x.join(); print(x.result)
for call in (lambda: t.start(), lambda: threading.Thread(target=f).join(), lambda: threading.current_thread().join(), lambda: threading.Thread(5)):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
