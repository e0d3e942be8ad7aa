# flags: -X gc-stress -X gc-markers=2
# Two markers at each safepoint: what is reachable stays, and the helper is no thread of the program.
import gc
import subprocess
import sys
import threading
import weakref


class Node:
    def __init__(self, *refs):
        self.refs = list(refs)


def chain(n):
    top = None
    for i in range(n):
        top = (top, [i])
    return top


def ring(n):
    nodes = [Node() for _ in range(n)]
    for i, node in enumerate(nodes):
        node.refs = [nodes[i - 1], nodes[i * 7 % n], (i, str(i))]
    return nodes[0]


def length(top):
    n = 0
    while top is not None:
        top, [i] = top
        n += i
    return n


def size(first):
    seen, todo = set(), [first]
    while todo:
        node = todo.pop()
        if id(node) not in seen:
            seen.add(id(node))
            todo.extend(node.refs[:2])
            assert node.refs[2] == (node.refs[2][0], str(node.refs[2][0]))
    return len(seen)


kept = [chain(100), ring(60), {i: [str(i)] * 3 for i in range(60)}]
for _ in range(5):
    chain(20), ring(10)
print(length(kept[0]), size(kept[1]), all(v == [str(k)] * 3 for k, v in kept[2].items()))


def garbage():
    refs = []
    for i in range(20):
        node = Node(i)
        refs.append(weakref.ref(node))
        node.refs = [Node(node, node), node]
    return refs


refs = garbage()
gc.collect()
print(len(refs), [r() for r in refs].count(None))

results = []


def work(me):
    mine = [[me, i, str(i)] for i in range(30)]
    ring(10)
    results.append(all(a == me and c == str(b) for a, b, c in mine))


threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(results, threading.active_count(), [t.name for t in threading.enumerate()])
done = subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True)
print(done.returncode, done.stdout.strip())
