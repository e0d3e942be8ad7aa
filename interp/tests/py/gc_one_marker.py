# flags: -X gc-markers=1
# A large graph under one marker, and what a collection leaves of it.
import gc
import weakref


class Node:
    pass


def build(n):
    nodes = [Node() for _ in range(n)]
    for i, node in enumerate(nodes):
        node.left, node.right, node.value = nodes[i * 2 % n], nodes[i * 31 % n], (i, [str(i)])
    return nodes


nodes = build(50_000)
lost = weakref.WeakSet(build(1000))
refs = [weakref.ref(node) for node in nodes[::100]]
gc.collect()
print(sum(r() is not None for r in refs), len(lost))
print(all(node.value == (i, [str(i)]) for i, node in enumerate(nodes)))
del nodes
gc.collect()
print(sum(r() is not None for r in refs))
