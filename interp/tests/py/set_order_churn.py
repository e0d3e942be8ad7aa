# Sets of small ints show CPython's order also after deletions and growth.
state = 1
def random(n):
    global state
    state = (state * 1103515245 + 12345) % 2147483648
    return (state >> 8) % n
def churn(seed, steps, size):
    global state
    state = seed
    s = set()
    for _ in range(steps):
        v = random(size)
        match random(7):
            case 0 | 1 | 2:
                s.add(v)
            case 3:
                s.discard(v)
            case 4:
                s.update(range(v, v + 4))
            case 5:
                s = s ^ {v, v + 1}
            case 6:
                s = set(s) - {v, v + 2} | {v * 2}
    return list(s)
print(churn(1, 30, 20), churn(2, 60, 50))
print(hash(tuple(tuple(churn(seed, 200, 300)) for seed in range(40))))
