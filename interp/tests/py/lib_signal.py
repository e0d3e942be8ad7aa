# Masks, timers, waiting, wakeup descriptors; handlers run in the main thread, between parts of a long write, too.
import _thread
import os
import signal
import socket
import threading


def shown(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)


print(shown(signal.signal, 0, signal.SIG_DFL), shown(signal.signal, signal.SIGKILL, signal.SIG_IGN), shown(signal.getsignal, 100))
print(signal.getsignal(signal.SIGXFSZ), signal.getsignal(signal.SIGPIPE), signal.getsignal(33), len(signal.valid_signals()))
print(shown(signal.setitimer, 99, 1), signal.getitimer(signal.ITIMER_REAL), issubclass(signal.ItimerError, OSError))
print(signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1]), signal.pthread_sigmask(signal.SIG_BLOCK, []))
print(shown(signal.pthread_sigmask, signal.SIG_BLOCK, [100]), signal.sigtimedwait([signal.SIGUSR1], 0))
os.kill(os.getpid(), signal.SIGUSR1)
print(signal.sigpending(), signal.sigwait([signal.SIGUSR1]), signal.sigpending())
os.kill(os.getpid(), signal.SIGUSR1)
info = signal.sigwaitinfo([signal.SIGUSR1])
print(type(info).__name__, info.si_signo, info.si_pid == os.getpid(), shown(signal.sigtimedwait, [10], -1))

signal.signal(signal.SIGUSR1, lambda n, frame: print("handled", n, threading.current_thread() is threading.main_thread()))
signal.raise_signal(signal.SIGUSR1)
print(signal.sigpending())
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
print("unblocked")
signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
thread = threading.Thread(target=signal.raise_signal, args=(signal.SIGUSR1,))
thread.start()
thread.join()
thread = threading.Thread(target=lambda: print(shown(signal.signal, 10, signal.SIG_DFL), shown(signal.set_wakeup_fd, -1)))
thread.start()
thread.join()

signal.signal(signal.SIGUSR2, signal.SIG_IGN)
print(_thread.interrupt_main(signal.SIGUSR2), _thread.interrupt_main(signal.SIGTERM), shown(_thread.interrupt_main, 100))
reader, writer = os.pipe()
print(shown(signal.set_wakeup_fd, writer) == ("ValueError", f"the fd {writer} must be in non-blocking mode"))
os.set_blocking(writer, False)
print(signal.set_wakeup_fd(writer), shown(signal.set_wakeup_fd, 1000))
signal.raise_signal(signal.SIGUSR1)
print(signal.set_wakeup_fd(-1) == writer, os.read(reader, 10))


class Enough(Exception):
    pass


def stop(n, frame):
    raise Enough


signal.signal(signal.SIGALRM, stop)
left, right = socket.socketpair()
for write in (left.sendall, left.makefile("wb").write):
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        write(bytes(1 << 22))
    except Enough:
        print("interrupted")
