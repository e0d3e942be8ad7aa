import threading, sys
got = []
def g():
    import colorsys
    got.append(colorsys.rgb_to_hsv(1, 0, 0))
ts = [threading.Thread(target=g) for _ in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(got)
