# requires: 3.14
import random
r = random.Random(42)
print(r.random(), r.randint(1, 100), r.randrange(0, 100, 5), r.choice("abc"), r.uniform(1, 2), r.getrandbits(70), r.sample(range(100), 3), r.choices([1, 2], [1, 3], k=4), r.gauss(0, 1), r.betavariate(1, 2), r.expovariate(1))
l = list(range(8)); r.shuffle(l); print(l, r.triangular(), r.normalvariate(), r.randbytes(3))
s = r.getstate(); a = r.random(); r.setstate(s); print(a == r.random())
random.seed("text"); print(random.random(), random.Random(1.5).random(), random.Random(b"x").random(), random.Random(-5).randint(0, 9))
for call in (lambda: r.choice([]), lambda: r.randrange(0), lambda: r.sample([1], 2), lambda: r.randint(2, 1)):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
