xs = [1]
class Two:
    def __index__(self):
        return 2
print([1, 2, 3][Two()], list(range(Two())), hex(Two()), "ab" * Two(), int(Two()), [0, 1, 2, 3][:Two()], 1 << Two() if False else pow(2, 5))
class Bad:
    def __index__(self):
        return "no"
for call in (lambda: xs[Bad()], lambda: range(Bad()), lambda: int(Bad()), lambda: xs["a"], lambda: xs[1.0]):
    try:
        call()
    except TypeError as error:
        print(error)
