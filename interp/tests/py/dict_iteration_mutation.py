d = {1: 1, 2: 2}
try:
    for k in d:
        d[k + 10] = 0
except RuntimeError as error:
    print(error)
try:
    for k in d:
        del d[k]
except RuntimeError as error:
    print(error)
d = {1: 1, 2: 2, 3: 3}
for k in d:
    d[k] = k * 2
print(d)
try:
    for k in d:
        d.pop(1, None)
        d[k + 99] = 1
except RuntimeError as error:
    print(error)
for k in list(d):
    del d[k]
print(d)
