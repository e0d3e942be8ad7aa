class Meters(int):
    def __add__(self, other):
        return Meters(int(self) + int(other))
    def __repr__(self):
        return f"{int(self)} m"
a = Meters(5)
print(a, a + 3, 3 + a, type(a * 2), a == 5, {5: "five"}[a], isinstance(a, int), str(a), f"{a}", f"{a:d}")
print([10, 20, 30, 40, 50, 60][a], list(range(a)), Meters.from_bytes(b"\x02"), type(Meters("7")))
