# A big dict that several threads change at once: each key keeps its own count, whatever others do.
import threading

KEYS = 200
table = {i: 0 for i in range(KEYS)}
ready = threading.Barrier(4)
seen = []


def count(mine):
    ready.wait()
    for turn in range(30):
        for key in range(mine, KEYS, 3):
            table[key] += 1
        # Keys of this thread come and go.
        table[("extra", mine)] = turn
        assert table.pop(("extra", mine)) == turn


def look():
    ready.wait()
    for _ in range(60):
        items = list(table.items())
        seen.append(all(0 <= n <= 30 for key, n in items if isinstance(key, int)))
        seen.append([k for k in table.copy() if isinstance(k, int)] == list(range(KEYS)))


threads = [threading.Thread(target=count, args=(mine,)) for mine in range(3)]
threads.append(threading.Thread(target=look))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(table), set(table.values()), all(seen))

# Afterwards it is a dict like any other.
del table[7]
table[7] = "back"
table[8] = "again"
print(list(table)[-1], table[8], table.popitem(), 7 in table, len(table))
table |= {8: 1, 500: 2}
print(table[8], list(table.items())[-1], table == dict(table))
table.clear()
table["new"] = table.setdefault("x", 3)
print(table, table.get("y"), sum(table.values()))


# Values that are closures' cells are values, too.
def closure():
    value = 1
    return (lambda: value).__closure__[0]


cells = {i: closure() for i in range(100)}
errors = []


def replace(start):
    for turn in range(40):
        for key in range(start, 100, 2):
            cells[key] = cells[key]
            if cells[key].cell_contents != 1:
                errors.append(key)


threads = [threading.Thread(target=replace, args=(start,)) for start in (0, 1)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(errors, len(cells), type(cells[0]).__name__)
