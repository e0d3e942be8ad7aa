import _thread, time
lock = _thread.allocate_lock(); done = []
def f(x): done.append(x); lock.release()
lock.acquire(); _thread.start_new_thread(f, (5,))
lock.acquire(); print(done, isinstance(_thread.get_ident(), int), _thread.TIMEOUT_MAX > 1000, _thread.error is RuntimeError, type(lock).__name__)
