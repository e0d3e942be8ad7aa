from concurrent.futures import ThreadPoolExecutor, as_completed, wait
def f(x):
    if x == 3: raise ValueError("three")
    return x * x
with ThreadPoolExecutor(3) as pool:
    print(list(pool.map(f, [1, 2, 4])), pool.submit(f, 5).result(), pool.submit(pow, 2, 5).result())
    fs = [pool.submit(f, i) for i in range(5)]
    print(sorted(x.result() for x in as_completed(fs) if not x.exception()), repr(fs[3].exception()), len(wait(fs).done))
    try: fs[3].result()
    except ValueError as error: print(error)
