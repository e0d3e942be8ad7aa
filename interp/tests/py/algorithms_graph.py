from collections import deque, defaultdict
import heapq
g = defaultdict(dict)
for a, b, w in [("a", "b", 4), ("a", "c", 2), ("c", "b", 1), ("b", "d", 5), ("c", "d", 8), ("d", "e", 3)]: g[a][b] = g[b][a] = w
def dijkstra(s):
    dist, heap = {s: 0}, [(0, s)]
    while heap:
        d, u = heapq.heappop(heap)
        if d > dist[u]: continue
        for v, w in g[u].items():
            if d + w < dist.get(v, float("inf")): dist[v] = d + w; heapq.heappush(heap, (dist[v], v))
    return dist
def bfs(s):
    seen, q = [s], deque([s])
    while q:
        for v in g[q.popleft()]:
            if v not in seen: seen.append(v); q.append(v)
    return seen
print(dijkstra("a"), bfs("a"))
memo = {}
def lcs(a, b):
    if not a or not b: return ""
    if (a, b) not in memo: memo[a, b] = a[0] + lcs(a[1:], b[1:]) if a[0] == b[0] else max(lcs(a[1:], b), lcs(a, b[1:]), key=len)
    return memo[a, b]
print(lcs("AGGTAB", "GXTXAYB"))
def sudoku_like(n, row=0, cols=(), d=()):
    return 1 if row == n else sum(sudoku_like(n, row + 1, cols + (c,), d + ((row - c, row + c),)) for c in range(n) if c not in cols and all(row - c != x and row + c != y for x, y in d))
print([sudoku_like(n) for n in range(1, 7)])
