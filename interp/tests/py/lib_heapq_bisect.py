import heapq, bisect
h = [5, 1, 4, 2]; heapq.heapify(h); heapq.heappush(h, 0)
print([heapq.heappop(h) for _ in range(5)], heapq.nlargest(2, [1, 5, 3]), heapq.nsmallest(2, "cab"), list(heapq.merge([1, 4], [2, 3])), heapq.nlargest(2, [(1, "a"), (2, "b")], key=lambda p: -p[0]))
h = [1, 2]; print(heapq.heapreplace(h, 9), heapq.heappushpop(h, 0), h)
a = [1, 3, 3, 5]
print(bisect.bisect(a, 3), bisect.bisect_left(a, 3), bisect.bisect_right(a, 6), bisect.bisect(a, 4, 0, 2), bisect.bisect_left([(1,), (2,)], 2, key=lambda t: t[0]))
bisect.insort(a, 4); bisect.insort_left(a, 0); print(a)
try:
    heapq.heappop([])
except IndexError as error:
    print(error)
