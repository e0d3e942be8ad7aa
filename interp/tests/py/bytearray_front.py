# What leaves the front of a bytearray, what comes in, what is cut out of the middle.
import random
random.seed(7)
data, model = bytearray(), []
def check():
    assert list(data) == model and len(data) == len(model), (data, model)
for step in range(4000):
    kind = random.randrange(8)
    n = random.randrange(12)
    at = random.randrange(len(model) + 1)
    if kind <= 1:
        more = bytes(random.randrange(256) for _ in range(n * 3))
        data += more; model += more
    elif kind <= 3:
        del data[:n]; del model[:n]
    elif kind == 4:
        data.insert(at, n); model.insert(at, n)
    elif kind == 5:
        new = bytes(range(random.randrange(9)))
        data[at:at + n] = new; model[at:at + n] = new
    elif kind == 6 and model:
        i = random.randrange(len(model))
        assert data.pop(i) == model.pop(i)
    elif kind == 7:
        data[:n] = b"ab"; model[:n] = b"ab"
    if model:
        i = random.randrange(len(model))
        data[i] = model[i] = step & 255
        assert data[i:i + 5] == bytes(model[i:i + 5]) and data[i::2] == bytes(model[i::2])
    check()
data.reverse(); model.reverse(); check()
big = bytearray(range(256)) * 40
while len(big) > 3:
    del big[:len(big) // 3 + 1]
print(list(big))
del big[:]
big += b"again"
print(big, len(big), big.find(b"in"), memoryview(big)[1:3].tobytes())
view = memoryview(big)
view[0] = 65
view.release()
del big[:2]
print(big, bytes(big), big == b"ain", big + b"!", b"!" + big, big.copy(), hash(bytes(big)) == hash(b"ain"))
rows = list(range(100))
rows.reverse()
print(rows[:3], rows[-3:], sum(rows))
few = [1, 2, 3]; few.reverse(); print(few)
