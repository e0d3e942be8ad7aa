import threading
log = []
t = threading.Timer(0.01, lambda: log.append("fired")); t.start(); t.join(); print(log)
u = threading.Timer(5, log.append); u.start(); u.cancel(); u.join(); print(log)
d = threading.Thread(target=threading.Event().wait, daemon=True); d.start()
print(d.daemon, d.is_alive(), "main ends while a daemon waits")
