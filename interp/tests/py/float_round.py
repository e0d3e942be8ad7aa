for x in (0.5, 1.5, 2.5, -0.5, -1.5, 2.675, 1.005, 1e20, 12345.678):
    print(x, round(x), round(x, 2), round(x, -2), round(x, 1))
print(type(round(2.5)), type(round(2.5, 0)), round(5e-324, 400), round(1.5, None), round(-0.4))
for x in (float("inf"), float("nan")):
    try:
        print(round(x, 2))
        round(x)
    except Exception as error:
        print(type(error).__name__, error)
