"""gc.collect() inside callbacks of native code: the garbage goes, what the native code holds stays.

A few dead objects may stay: what lies on the native stack is taken for a reference."""
import functools
import gc
import weakref


class Node:
    def __init__(self, value):
        self.value = value
        self.me = self


def garbage():
    return [weakref.ref(Node(n)) for n in range(20)]


seen = []


def key(item):
    refs = garbage()
    gc.collect()
    seen.append(sum(ref() is None for ref in refs) > 10)
    return item


words = [str(n) * 3 for n in (3, 1, 2)]
print(sorted(words, key=key), seen)
print(list(map(key, words)), max(words, key=key), functools.reduce(lambda a, b: key(a + b), words))
print({key(w): [key(w)] for w in words})


class Equal:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return key(self.n) == other.n

    def __hash__(self):
        return key(7)

    def __repr__(self):
        return f"E{key(self.n)}"


print({Equal(1): "x", Equal(2): "y", Equal(1): "z"}, [Equal(1), Equal(2)].index(Equal(2)))


def generator():
    for w in words:
        yield key(w)


print("-".join(generator()), tuple(generator()), dict(zip(generator(), generator())))
print(all(seen), len(seen) > 30)
