print(pow(2, 100), pow(3, 4, 5), pow(-3, 3, 7), pow(3, -1, 7), pow(10, -3, 7), pow(2, 0), pow(0, 0))
print(pow(2, 10 ** 20, 1000000007), pow(5, 3, -7), pow(2, -2), 4 ** 0.5, (-8) ** (1 / 3))
for args in ((2, -1, 4), (2, 3, 0), (2.0, 3, 5), (2, 3.0, 5)):
    try:
        print(pow(*args))
    except Exception as error:
        print(args, type(error).__name__, error)
