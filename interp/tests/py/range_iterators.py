for r in range(0), range(5), range(5, 0, -2), range(-3, 30, 11), range(2**49, 2**49 + 2):
    it = iter(r)
    print(it.__reduce__()[1], it.__length_hint__())
    next(it, None)
    print(it.__reduce__()[1], it.__length_hint__(), list(it), list(it), it.__length_hint__(), it.__reduce__()[1])
    for state in 2, 200, -2:
        it = iter(r)
        it.__setstate__(state)
        print(state, list(it))
