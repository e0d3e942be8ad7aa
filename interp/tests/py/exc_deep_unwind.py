def f(n):
    try:
        if n == 0: raise ValueError("bottom")
        f(n - 1)
    except ValueError as e:
        if n % 25 == 0: raise ValueError(f"level {n}") from e
        raise
    finally:
        log.append(n)
log = []
try: f(100)
except ValueError as e:
    print(e, len(log), log[:3])
    chain = []
    while e: chain.append(str(e)); e = e.__cause__
    print(chain)
