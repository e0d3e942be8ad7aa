if (n := len("abc")) > 2:
    print(n)
while (line := ["a", "b", ""][n - 3]):
    print(line)
    n += 1
print([y for x in range(5) if (y := x * x) > 3], y, (a := 1, b := a + 1), a, b, f"{(c := 5)}", c, [z := 3, z ** 2])
def f(x=(d := 7)): return x + d
print(f(), any((hit := v) > 2 for v in [1, 2, 3, 4]), hit)
print({(k := "key"): (v := 2)}, k, v, (lambda: (w := 4) + w)())
