# requires: taipan
import threading
pair = [0, 100]; bad = []
def move():
    for i in range(1500): pair[0], pair[1] = pair[1], pair[0]
def look():
    for i in range(1500):
        a, b = pair
        if a + b != 100: bad.append((a, b))
ts = [threading.Thread(target=f) for f in (move, look, move, look)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(pair), bad)
