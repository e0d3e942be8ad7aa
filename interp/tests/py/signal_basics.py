import signal, os
def handler(num, frame): print("handled", signal.Signals(num).name, frame.f_code.co_name)
old = signal.signal(signal.SIGUSR1, handler)
os.kill(os.getpid(), signal.SIGUSR1)
for _ in range(100): pass
print(old, signal.getsignal(signal.SIGUSR1) is handler, signal.SIGINT.value, signal.default_int_handler.__name__)
try:
    signal.raise_signal(signal.SIGINT)
    for _ in range(1000): pass
except KeyboardInterrupt:
    print("KeyboardInterrupt")
signal.signal(signal.SIGALRM, lambda *a: (_ for _ in ()).throw(TimeoutError("alarm")))
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    while True: pass
except TimeoutError as error:
    print(error)
