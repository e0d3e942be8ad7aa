# A move within a file happens once, also from where the last one has led, whatever comes after it.
import tempfile

with tempfile.TemporaryFile(buffering=0) as raw:
    raw.write(bytes(1000))
    wrong = 0
    for i in range(300):
        raw.seek(0)
        before = raw.tell()
        after = raw.seek(3, 1)
        seen = [before, after, raw.tell()]
        wrong += seen != [0, 3, 3]
    print(wrong)
    for i in range(300):
        raw.seek(1, 1)
        total = sum(x for x in range(5))
    print(raw.tell(), total)
