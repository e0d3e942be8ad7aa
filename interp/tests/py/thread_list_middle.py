# Long lists that change in the middle while other threads run.
import random
import threading


def alone(seed):
    chance = random.Random(seed)
    real = list(range(300))
    model = tuple(real)
    for i in range(600):
        n = len(real)
        at = chance.randrange(n + 1)
        what = chance.randrange(6)
        if what == 0:
            real.insert(at, i)
            model = model[:at] + (i,) + model[at:]
        elif what == 1 and at < n:
            assert real.pop(at) == model[at]
            model = model[:at] + model[at + 1 :]
        elif what == 2 and at < n:
            del real[at]
            model = model[:at] + model[at + 1 :]
        elif what == 3:
            end = min(n, at + chance.randrange(50))
            new = [i] * chance.randrange(50)
            real[at:end] = new
            model = model[:at] + tuple(new) + model[end:]
        elif what == 4 and n > 400:
            del real[at : at + 30]
            model = model[:at] + model[at + 30 :]
        else:
            real.insert(0, -i)
            model = (-i,) + model
        if i % 50 == 0:
            assert tuple(real) == model, i
    results.append(tuple(real) == model)


def together(me):
    for i in range(150):
        shared.insert(7 * me, (me, i))
        shared.append(shared.pop(100 + me))
        shared.remove((me, i))


results, shared = [], list(range(1000))
threads = [threading.Thread(target=alone, args=(s,)) for s in range(2)]
threads += [threading.Thread(target=together, args=(t,)) for t in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(results, sorted(shared) == list(range(1000)))
